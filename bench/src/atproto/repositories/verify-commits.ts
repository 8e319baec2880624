import { cborDecodeAll } from '@atproto/lex-cbor'
import {
  cborToLexRecord,
  def,
  MemoryBlockstore,
  MST,
  parseObjByDef,
  readCarWithRoot,
  verifyCommitSig,
} from '@atproto/repo'
import { decodeFrame, readCommitMessage, verifyCommit } from '@exprsn/atproto/repo'
import { ours, type Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { npmPeer } from '../../core/resilience/compare-calls.ts'
import { did, digestOf, key, timed } from './sample-archive.ts'
import { sampleFrames } from './sample-stream.ts'

interface OfficialCommit {
  readonly blocks: Uint8Array
  readonly prevData: { toString(): string }
  readonly ops: readonly { readonly action: string; readonly path: string; readonly cid: never; readonly prev: never }[]
}

function verifyOurs(frame: Uint8Array): string {
  const message = decodeFrame(frame)
  if (!('body' in message)) throw new Error('not a message')
  return verifyCommit(readCommitMessage(message.body), { signingKey: key.didKey }).state.data.toString()
}

/** The same checks from the parts of the official package, which has no one call for them. */
async function verifyOfficial(frame: Uint8Array): Promise<string> {
  const [, { blocks: bytes, ops, prevData }] = [...cborDecodeAll(frame)] as unknown as [unknown, OfficialCommit]
  const { root, blocks } = await readCarWithRoot(bytes)
  const { obj: commit } = parseObjByDef(blocks.get(root)!, root, def.commit)
  if (commit.did !== did || !(await verifyCommitSig(commit, key.didKey))) throw new Error('not signed')
  let tree = MST.load(new MemoryBlockstore(blocks), commit.data)
  for (const { cid } of ops) if (cid !== null) cborToLexRecord(blocks.get(cid)!)
  for (const { action, path, prev } of ops.toReversed()) {
    if (action === 'create') tree = await tree.delete(path)
    else tree = action === 'update' ? await tree.update(path, prev) : await tree.add(path, prev)
  }
  if (String(await tree.getPointer()) !== String(prevData)) throw new Error('the operations do not add up')
  return String(commit.data)
}

/** Commits of the event stream: hashes, signature, records, and the operations taken back (Sync 1.1). */
export const verifyCommits: Benchmark = {
  name: 'atproto/verify-commit',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 8,
  peers: [npmPeer('@atproto/repo')],
  async prepare({ quick }) {
    const frames = sampleFrames(quick ? 60 : 300)
    const verify = (subject: string) => (subject === ours ? verifyOurs : verifyOfficial)
    return {
      async run(subject) {
        const { value, answer } = await timed(async () => {
          const roots: string[] = []
          for (const frame of frames) roots.push(await verify(subject)(frame))
          return roots
        })
        return { value, hash: digestOf(answer) }
      },
      async close() {},
    }
  },
}
