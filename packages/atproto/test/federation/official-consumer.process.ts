// Follows a stream with the official implementation alone: its subscription, its lexicons, its search tree. What it has checked
// is told on stdout, a line for each message.
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { lexicons } from '@atproto/api'
import { def, MemoryBlockstore, MST, readCarWithRoot, verifyCommitSig } from '@atproto/repo'

const [service, cursor, signingKey, packages] = process.argv.slice(2) as [string, string, string, string]
const method = 'com.atproto.sync.subscribeRepos'
type Pointer = Parameters<typeof MST.load>[1]
interface Message {
  readonly $type: string
  readonly seq: number
  readonly blocks: Uint8Array
  readonly prevData?: Pointer
  readonly ops: readonly {
    readonly action: string
    readonly path: string
    readonly cid: Pointer | null
    readonly prev?: Pointer
  }[]
}
const pds = realpathSync(join(packages, 'node_modules', '@atproto', 'pds', 'package.json'))
const server = pathToFileURL(createRequire(pds).resolve('@atproto/xrpc-server')).href
const { Subscription } = (await import(server)) as {
  Subscription: new (options: object) => AsyncIterable<Message>
}
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())

const messages = new Subscription({
  service: service.replace('http:', 'ws:'),
  method,
  signal: stop.signal,
  getParams: () => (cursor === '' ? {} : { cursor: Number(cursor) }),
  validate: (value: unknown) => lexicons.assertValidXrpcMessage<Message>(method, value),
})
for await (const message of messages) {
  const type = message.$type.split('#')[1]!
  const isRight = type === 'commit' ? await inverts(message) : type === 'sync' ? await isSigned(message) : true
  process.stdout.write(`${JSON.stringify({ seq: message.seq, type, isRight, operations: message.ops?.length ?? 0 })}\n`)
}

/** Whether the operations, taken back in the official tree, give the tree before. */
async function inverts(message: Message): Promise<boolean> {
  const { root, blocks } = await readCarWithRoot(message.blocks)
  const storage = new MemoryBlockstore(blocks)
  const commit = await storage.readObj(root, def.commit)
  let tree = MST.load(storage, commit.data)
  for (const { action, path, cid, prev } of message.ops.toReversed()) {
    const current = await tree.get(path)
    if (String(current ?? null) !== String(cid)) return false
    if (action === 'create') tree = await tree.delete(path)
    else if (action === 'update') tree = await tree.update(path, prev!)
    else tree = await tree.add(path, prev!)
  }
  const before = message.prevData ?? (await (await MST.create(new MemoryBlockstore())).getPointer())
  return String(await tree.getPointer()) === String(before) && verifyCommitSig(commit, signingKey)
}

async function isSigned(message: Message): Promise<boolean> {
  const { root, blocks } = await readCarWithRoot(message.blocks)
  return verifyCommitSig(await new MemoryBlockstore(blocks).readObj(root, def.commit), signingKey)
}
