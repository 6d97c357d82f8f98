import pytest, json, httpx
from datetime import datetime, UTC
from tests.bluesky_network.conversation import write
from collectors import bluesky
from collectors.seen import *
from warehouse.settings import Bluesky
@pytest.mark.bluesky
def test_smoke(network, tmp_path):
    import time
    t=time.time()
    e = write(network.pds); print("written", time.time()-t)
    t=time.time(); network.catch_up(); print("caught up", time.time()-t)
    hs=[]
    c=bluesky.connect(Bluesky(appview=network.appview,pds=network.pds),handle="riverside.test",password=e.group.app_password(),session_file=tmp_path/"s",user_agent="M",spend=lambda p:None,limits=lambda r,t:hs.append((r,t)),now=lambda:datetime.now(UTC))
    def W(kind,target=e.group.did,**k): return Work("x","g","bluesky","bluesky",kind,target,**k)
    def K(*names): return tuple(KnownPost(e.uri(n),e.uri(n),datetime.now(UTC)) for n in names)
    print(bluesky.resolve(c,"riverside.test"), bluesky.resolve(c,"quiet.test"))
    for x in bluesky.probe(c,"riverside.test"): print(x.capability,x.state,x.reason,x.cure)
    own=bluesky.fetch(c,W("own",mode="backfill"))
    print(len(own.posts), len(e.group.written), set(e.group.written)-{p.uri for p in own.posts}, {p.uri for p in own.posts}-set(e.group.written), own.pages_count)
    for n in ("old","future","pictures","welcome"):
        p=next((p for p in own.posts if p.uri==e.uri(n)),None); print(n,p)
    names={v["uri"]:k for k,v in e.posts.items()}
    m=bluesky.fetch(c,W("mentions",mode="backfill")); print("mentions",[(names.get(p.uri,p.text),p.author.is_refusing) for p in m.posts if "and then" not in p.text],m.items_count,m.pages_count)
    h=bluesky.fetch(c,W("hashtag","riversidecarers")); print("tag",[names.get(p.uri) for p in h.posts],h.items_count)
    t=bluesky.fetch(c,W("thread",posts=K("ask"))); print("thread",len(t.posts),t.pages_count,[(x.replies_reported,x.replies_fetched) for x in t.threads if x.replies_reported!=x.replies_fetched],t.is_complete)
    t=bluesky.fetch(c,W("thread",posts=K("welcome"))); print("thread",[(names.get(p.uri),p.is_hidden) for p in t.posts],t.pages_count,[(names.get(x.server_post_id),x.replies_reported,x.replies_fetched) for x in t.threads])
    t=bluesky.fetch(c,W("thread",posts=K("below deleted"))); print("thread",[(names.get(p.uri),p.is_hidden,names.get(p.parent_server_post_id)) for p in t.posts])
    t=bluesky.fetch(c,W("thread",posts=K("deleted"))); print(t)
    print(bluesky.fetch(c,W("boosters",posts=K("welcome"))).interactions,[names.get(p.uri) for p in bluesky.fetch(c,W("quotes",posts=K("welcome"))).posts])
    r=bluesky.fetch(c,W("refresh",posts=K("welcome","ask","deleted","deleted own","quiet ask","friendly"))); print([(names[p.uri],p.replies_count,p.boosts_count,p.likes_count,p.quotes_count) for p in r.posts],r.missing,r.refused)
    print(hs[:3],hs[-3:]); c.close()
    for url in (network.appview+"/xrpc/app.bsky.feed.getPosts?uris="+e.uri("welcome"), network.appview+"/xrpc/app.bsky.actor.getProfile?actor=nobody.test",network.appview+"/xrpc/app.bsky.feed.getAuthorFeed?actor=nobody.test",network.appview+"/xrpc/app.bsky.feed.searchPosts?q=%23riversidecarers&tag=riversidecarers",network.appview+"/xrpc/app.bsky.feed.getRepostedBy?uri="+e.uri("deleted"),network.appview+"/xrpc/app.bsky.feed.getPostThread?uri="+e.uri("deleted"),network.pds+"/xrpc/com.atproto.repo.getRecord?repo=%s&collection=app.bsky.feed.post&rkey=%s"%(e.peer.did,e.uri("deleted").rpartition("/")[2]),network.appview+"/xrpc/app.bsky.feed.getPostThread?depth=1&uri="+e.uri("welcome"),network.appview+"/xrpc/app.bsky.feed.getPostThread?depth=1001&uri="+e.uri("welcome"),network.appview+"/xrpc/app.bsky.notification.listNotifications"):
        a=httpx.get(url); print(url.split("?")[0][-25:],a.status_code,dict(a.headers),a.text[:1500])
