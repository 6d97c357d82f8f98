// What of the page was made out of somebody's words: every entry is a way in which markup was obeyed.
() => {
    const found = []
    const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 200)}`)
    if (window.hurt !== undefined) found.push(`a script ran: ${window.hurt}`)
    for (const element of document.querySelectorAll("*")) {
        const text = element.textContent.trim(), name = element.tagName.toUpperCase()
        const style = element.getAttribute("style") || ""
        if (["STRONG", "EM", "B", "I", "CODE", "BLOCKQUOTE", "LI", "H1", "H2", "H3", "A"].includes(name) && text === "hurt") say(name, element)
        if (element.matches(".katex, math")) say("formula", element)
        if (name === "SPAN" && text === "hurt" && /color|background/.test(style)) say("colour", element)
        if (element.matches("[data-testid=stIconMaterial]") && text === "delete") say("icon", element)
        for (const key of ["src", "href", "action", "xlink:href", "data", "formaction"]) {
            const value = element.getAttribute(key) || ""
            if (/evil\.example|^\s*(javascript|data:text|vbscript)/i.test(value)) say(key, element)
        }
        for (const one of element.attributes) if (/^on/i.test(one.name)) say(one.name, element)
        if (["SCRIPT", "STYLE", "IFRAME", "OBJECT", "EMBED"].includes(name) && /hurt|body\{display/.test(text)) say("element", element)
    }
    return found
}
// next
// Each mark stands right before its markup: one that does not has lost it. A text that was cut may end anywhere.
mark => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = []
    const markup = /^(\*\*|:red|:material(?!\/delete: :smile: ?$)|\$\$|\[hurt|!\[|<script|["'”’]|# ?hurt|#panic|=HYPER|hurt|<b>|…|$)/
    while (walker.nextNode()) {
        if (walker.currentNode.parentElement.closest("style, script, pre, textarea")) continue // replies are copied letter by letter
        const text = walker.currentNode.textContent
        for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1))
            if (!markup.test(text.slice(at + mark.length))) found.push(text.slice(Math.max(0, at - 30), at + 80))
    }
    return found
}
// next
// Links to other hosts: address and rel.
() => [...document.querySelectorAll("a[href]")].filter(one => one.host && one.host !== location.host && one.hostname !== "127.0.0.1").map(one => [one.href, one.rel])
