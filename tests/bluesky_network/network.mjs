// Starts a real Bluesky network (PLC, PDS, AppView) on loopback and prints where it is, as one line of JSON.
// Commands come by stdin, one a line: "processAll" waits until the AppView knows all that was written; each is answered by
// one line of JSON. When stdin closes, everything ends.
//
//   node network.mjs <folder with node_modules/@atproto/dev-env>
//   environment: DB_POSTGRES_URL, DB_POSTGRES_SCHEMA, REDIS_HOST (any word: Redis is not used)

import net from 'node:net'
import path from 'node:path'
import readline from 'node:readline'
import { pathToFileURL } from 'node:url'

// The servers bind every interface; nobody outside this machine has any business with them.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (first, ...rest) {
  if (first !== null && typeof first === 'object' && first.port !== undefined) {
    return listen.call(this, { ...first, host: '127.0.0.1' }, ...rest)
  }
  if (typeof first === 'number' || /^\d+$/.test(String(first))) {
    const others = typeof rest[0] === 'string' ? rest.slice(1) : rest
    return listen.call(this, Number(first), '127.0.0.1', ...others)
  }
  return listen.call(this, first, ...rest)
}

const packages = path.join(process.argv[2], 'node_modules', '@atproto', 'dev-env', 'dist', 'index.js')
const { TestNetwork } = await import(pathToFileURL(packages).href)
const network = await TestNetwork.create({
  dbPostgresUrl: process.env.DB_POSTGRES_URL,
  dbPostgresSchema: process.env.DB_POSTGRES_SCHEMA,
})

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
say({ appview: network.bsky.url, pds: network.pds.url, plc: network.plc.url })

const commands = readline.createInterface({ input: process.stdin })
for await (const command of commands) {
  try {
    if (command !== 'processAll') throw new Error(`unknown command ${command}`)
    await network.processAll(30_000)
    say({ done: command })
  } catch (error) {
    say({ error: String(error) })
  }
}
process.exit(0) // closing it politely can take a minute; everything it wrote is temporary
