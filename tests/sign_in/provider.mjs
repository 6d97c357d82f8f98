// Starts a real OpenID provider (npm's oidc-provider) on loopback and prints its address, as one line of JSON.
// Everybody it knows is made up. It ends when stdin closes.
//
//   node provider.mjs <folder with node_modules/oidc-provider> '{"secret": …, "redirect": …, "signed_out": […]}'
//
// Nothing in it is pretended until somebody asks for a fault: POST /faults with any of
//   claims:    {name: value} set in the ID token after the provider made it; null takes the claim out
//   signed_by: "another key" | "nobody" (alg none) | "our public key" (as if it were a shared secret)
//   token, discovery, keys: "broken" (500) | "slow" (no answer for 30 s) | "nonsense" (not JSON)
//   also token: "no id token", and discovery: "another issuer"
// Each POST replaces what was there; {} mends everything.

import { generateKeyPairSync, createHash, createPublicKey } from 'node:crypto'
import { createServer } from 'node:http'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const packages = path.resolve(process.argv[2], 'node_modules')
const { Provider, interactionPolicy } = await import(pathToFileURL(path.join(packages, 'oidc-provider/lib/index.js')).href)
const jose = await import(pathToFileURL(path.join(packages, 'jose/dist/webapi/index.js')).href)
const { secret, redirect, signed_out: signedOut } = JSON.parse(process.argv[3])

const PEOPLE = {
  'dee@riverside.example': { name: 'Dee', groups: ['staff'] },
  'hal@riverside.example': { name: 'Hal', groups: ['staff'] },
  'tess@riverside.example': { name: 'Tess', groups: [] },
  'vi@elsewhere.example': { name: 'Vi', groups: ['staff', 'mutuals-volunteers'] },
  'nobody@elsewhere.example': { name: 'Nobody Known', groups: ['staff'] },
}
const SUBJECTS = new Map(Object.keys(PEOPLE).map((email) => [createHash('sha256').update(email).digest('hex'), email]))

const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ours = newKey()
const foreign = newKey()
const key = { ...ours.export({ format: 'jwk' }), kid: 'ours', use: 'sig', alg: 'RS256' }

let faults = {}

const escaped = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
const page = (title, body) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${body}</html>`

const select = new interactionPolicy.Prompt({ name: 'select_account', requestable: true })
const policy = interactionPolicy.base()
policy.add(select, 0)

const server = createServer()
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const issuer = `http://localhost:${server.address().port}`

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'mutuals',
    client_secret: secret,
    redirect_uris: [redirect],
    post_logout_redirect_uris: signedOut,
  }],
  jwks: { keys: [key] },
  cookies: { keys: [secret], names: { session: 'provider_session', interaction: 'provider_asks', resume: 'provider_resumes' } },
  conformIdTokenClaims: false, // as Google, Entra and Keycloak do: who it is stands in the ID token itself
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  pkce: { required: () => true },
  scopes: ['openid', 'email', 'profile'],
  interactions: { policy, url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = page('Sign out of the provider?', `${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`)
      },
    },
  },
  ttl: { IdToken: 3600, AccessToken: 3600, Interaction: 3600, Session: 86400, Grant: 86400 },
  async findAccount(_, sub) {
    const email = SUBJECTS.get(sub)
    return email && { accountId: sub, claims: () => ({ sub, email, email_verified: true, ...PEOPLE[email] }) }
  },
  async loadExistingGrant(ctx) { // nobody is asked whether the group's own dashboard may know their address
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope('openid email profile')
    await grant.save()
    return grant
  },
  async renderError(ctx, out) {
    ctx.type = 'html'
    ctx.body = page('The provider says no', `<pre>${escaped(JSON.stringify(out))}</pre>`)
  },
})

/** The token, made again with the faults asked for; signed with the provider's own key unless they say otherwise. */
async function spoilt(token) {
  const claims = { ...jose.decodeJwt(token), ...faults.claims }
  for (const [name, value] of Object.entries(claims)) if (value === null) delete claims[name]
  if (faults.signed_by === 'nobody') return new jose.UnsecuredJWT(claims).encode()
  const made = new jose.SignJWT(claims)
  if (faults.signed_by === 'our public key') {
    const known = createPublicKey(ours).export({ type: 'spki', format: 'pem' })
    return made.setProtectedHeader({ alg: 'HS256', kid: 'ours' }).sign(new TextEncoder().encode(known))
  }
  return made.setProtectedHeader({ alg: 'RS256', kid: 'ours' }).sign(faults.signed_by === 'another key' ? foreign : ours)
}

const ENDPOINTS = { token: 'token', discovery: 'discovery', keys: 'jwks' }
provider.use(async (ctx, next) => {
  await next()
  for (const [name, route] of Object.entries(ENDPOINTS)) {
    if (ctx.oidc?.route !== route || !faults[name]) continue
    if (faults[name] === 'broken') Object.assign(ctx, { status: 500, body: 'The provider is broken.' })
    if (faults[name] === 'nonsense') ctx.body = '<html>This is not what you asked for.</html>'
    if (faults[name] === 'slow') await new Promise((later) => setTimeout(later, 30_000).unref())
  }
  if (ctx.oidc?.route === 'discovery' && faults.discovery === 'another issuer') ctx.body.issuer = 'https://evil.example'
  if (ctx.oidc?.route !== 'token' || !ctx.body?.id_token) return
  if (faults.token === 'no id token') delete ctx.body.id_token
  else if (faults.claims || faults.signed_by) ctx.body.id_token = await spoilt(ctx.body.id_token)
})

const bodyOf = async (request) => {
  let text = ''
  for await (const part of request) text += part
  return text
}

async function interaction(request, response) {
  const { uid, session } = await provider.interactionDetails(request, response)
  if (request.method === 'POST') {
    const email = new URLSearchParams(await bodyOf(request)).get('email')
    const found = [...SUBJECTS].find(([, known]) => known === email)
    const result = found
      ? { login: { accountId: found[0] }, select_account: {} }
      : { error: 'access_denied', error_description: `nobody is called ${email} here` }
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }
  const here = session ? `<p>Signed in here as <b>${escaped(SUBJECTS.get(session.accountId))}</b></p>` : '<p>Nobody is signed in here.</p>'
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  return response.end(page('Sign in at the provider', `${here}<form method="post" action="/interaction/${uid}">
    <label>Your e-mail <input name="email" autofocus></label> <button>Sign in</button></form>`))
}

const callback = provider.callback()
server.on('request', async (request, response) => {
  try {
    if (request.url === '/faults' && request.method === 'POST') {
      faults = JSON.parse(await bodyOf(request))
      response.end()
    } else if (request.url.startsWith('/interaction/')) {
      await interaction(request, response)
    } else {
      await callback(request, response)
    }
  } catch (error) {
    process.stderr.write(`${error.stack}\n`)
    if (!response.headersSent) response.statusCode = 400
    response.end(page('The provider says no', `<pre>${escaped(error.message)}</pre>`))
  }
})

process.stdout.write(`${JSON.stringify({ address: issuer })}\n`)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
