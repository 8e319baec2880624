import { createTidGenerator, encodeCbor, formatTid, type Cid } from '@exprsn/atproto/codec'
import { createCommit, type RepoState, type RepoWrite } from '@exprsn/atproto/repo'
import { did, key, sampleRecords } from './sample-archive.ts'

/** Frames of `com.atproto.sync.subscribeRepos` as one busy account makes them: one to three writes each, on a grown tree. */
export function sampleFrames(count: number, records = 2000): readonly Uint8Array[] {
  const blocks = new Map<string, Uint8Array>()
  const source = { get: (cid: Cid) => blocks.get(String(cid)) }
  const nextTid = createTidGenerator({ clockId: 1 })
  const known = sampleRecords(records)
  let state: RepoState | undefined
  const write = (writes: readonly RepoWrite[]) => {
    const created = createCommit({ did, key, previous: state, source, writes, rev: nextTid() })
    for (const { cid, bytes } of created.blocks) blocks.set(String(cid), bytes)
    const before = state
    state = created.state
    return { ...created, before }
  }
  write(Object.entries(known).map(([path, value]) => ({ action: 'create', path, value })))
  const paths = Object.keys(known)
  const half = paths.length / 2
  return Array.from({ length: count }, (_, number) => {
    const fresh = {
      $type: 'app.bsky.feed.post',
      text: `a new post ${number} – ünïcode`,
      createdAt: '2026-11-21T00:00:00Z',
    }
    const rkey = formatTid({ microseconds: 1_800_000_000_000_000 + number * 1_000_003, clockId: 1 })
    const writes: RepoWrite[] = [{ action: 'create', path: `app.bsky.feed.post/${rkey}`, value: fresh }]
    // Every third commit edits a record of the first half, every fifth deletes one of the second half for good.
    const edited = paths[(number * 7) % half]!
    if (number % 3 === 1) writes.push({ action: 'update', path: edited, value: { ...known[edited], edited: number } })
    const deleted = paths[half + Math.floor(number / 5)]
    if (number % 5 === 2 && deleted !== undefined) writes.push({ action: 'delete', path: deleted })
    const { commit, operations, proof, before } = write(writes)
    return frameOf(number, commit.cid, { ...state!, before }, operations, proof)
  })
}

function frameOf(
  seq: number,
  commit: Cid,
  { rev, before }: RepoState & { readonly before: RepoState | undefined },
  operations: ReturnType<typeof createCommit>['operations'],
  proof: Uint8Array,
): Uint8Array {
  const ops = operations.map(({ action, path, cid, prev }) => ({ action, path, cid: cid ?? null, prev }))
  const body = {
    ...{ seq, repo: did, commit, rev, since: before?.rev ?? null, prevData: before?.data, ops, blocks: proof },
    ...{ blobs: [], rebase: false, tooBig: false, time: '2026-11-21T00:00:00.000Z' },
  }
  return Buffer.concat([encodeCbor({ op: 1, t: '#commit' }), encodeCbor(body)])
}
