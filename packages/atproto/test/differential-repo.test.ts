// What @atproto/repo and @atcute/repo say about the same bytes. The official reader checks neither the layer nor the order of
// keys, and @atcute/repo no hash: what we accept they must accept, and read alike; what we refuse they may take.
import { fromUint8Array } from '@atcute/repo'
import {
  blocksToCarFile,
  MemoryBlockstore,
  Repo,
  verifyRepoCar,
  WriteOpAction,
  type RecordWriteOp,
} from '@atproto/repo'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import {
  cidOf,
  decodeCbor,
  encodeCbor,
  formatTid,
  indexCar,
  writeCar,
  type CarBlock,
  type Cid,
  type DataObject,
} from '../src/codec/index.ts'
import { importSigningKey } from '../src/crypto/index.ts'
import {
  createRepoArchive,
  decodeFrame,
  readCommitMessage,
  signCommit,
  verifyCommit,
  verifyRepo,
  type RepoState,
} from '../src/repo/index.ts'

const did = 'did:plc:abcdefghijklmnopqrstuvwx'
const key = importSigningKey('k256', new Uint8Array(32).fill(7))
const keypair = { jwtAlg: 'ES256K', did: () => key.didKey, sign: async (message: Uint8Array) => key.sign(message) }
const options = { did, signingKey: key.didKey }
const collections = ['app.bsky.feed.post', 'app.bsky.feed.like', 'com.example.a']

function randomRecords(random: SeededRandom, count: number): Record<string, DataObject> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, number) => {
      const rkey = formatTid({ microseconds: random.uint32() * 1000, clockId: number % 1024 })
      const $type = collections[random.uint32() % 3]!
      const nested = {
        list: [number, null, true, 'ünï'],
        bytes: random.bytes(random.uint32() % 5),
        link: cidOf('raw', random.bytes(3)),
      }
      return [`${$type}/${rkey}`, { $type, number: random.uint32(), nested }] as const
    }),
  )
}

async function official(car: Uint8Array): Promise<readonly string[] | undefined> {
  try {
    const { creates } = await verifyRepoCar(car, did, key.didKey)
    return creates.map(({ collection, rkey, cid }) => `${collection}/${rkey} ${cid}`).toSorted()
  } catch {
    return undefined
  }
}

function atcute(car: Uint8Array): readonly string[] | undefined {
  try {
    return Array.from(fromUint8Array(car), ({ collection, rkey, cid, record }) => {
      expect(record).toBeDefined()
      return `${collection}/${rkey} ${cid.$link}`
    }).toSorted()
  } catch {
    return undefined
  }
}

function ours(car: Uint8Array): readonly string[] | undefined {
  try {
    return [...verifyRepo(car, options).records()].map(({ path, cid }) => `${path} ${cid}`).toSorted()
  } catch {
    return undefined
  }
}

describe('whole repositories', () => {
  it('of ours are read alike by all three', async () => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = new SeededRandom(seed)
      const records = randomRecords(random, random.uint32() % 150)
      const car = createRepoArchive({ did, key, records })
      const read = ours(car)
      expect(read).toHaveLength(Object.keys(records).length)
      expect(await official(car)).toEqual(read)
      expect(atcute(car)).toEqual(read)
    }
  })

  it('that were damaged in their structure and signed again are taken by us only when the others take them', async () => {
    let taken = 0
    let refused = 0
    let stricter = 0
    for (let seed = 1; seed <= 300; seed++) {
      const random = new SeededRandom(seed)
      const car = mutate(
        createRepoArchive({ did, key, records: randomRecords(random, 1 + (random.uint32() % 30)) }),
        random,
      )
      const [mine, theirs] = [ours(car), await official(car)]
      if (mine === undefined) {
        refused++
        if (theirs !== undefined) stricter++
        continue
      }
      taken++
      expect(theirs, `seed ${seed}`).toEqual(mine)
      expect(atcute(car), `seed ${seed}`).toEqual(mine)
    }
    // A mutation that changes nothing, or only a record, stays acceptable; the others must not be.
    expect(taken).toBeGreaterThan(10)
    expect(refused).toBeGreaterThan(100)
    expect(stricter).toBeGreaterThan(0)
  }, 60_000)
})

describe('commits', () => {
  it('of the official package lead from state to state by induction', async () => {
    const random = new SeededRandom(5)
    let repo = await Repo.create(new MemoryBlockstore(), did, keypair)
    let previous: RepoState = { rev: repo.commit.rev, data: cidFrom(repo.commit.data) }
    const known = new Map<string, DataObject>()
    for (let round = 0; round < 60; round++) {
      const { writes, ops } = randomWrites(random, known)
      const before = repo
      const commit = await repo.formatCommit(writes as unknown as RecordWriteOp[], keypair)
      repo = await repo.applyCommit(commit)
      const blocks = await blocksToCarFile(commit.cid, commit.relevantBlocks)
      const body = {
        ...{ seq: round, repo: did, commit: cidFrom(commit.cid), rev: commit.rev, since: before.commit.rev },
        ...{ prevData: previous.data, blocks, time: '2026-11-21T00:00:00Z', tooBig: false, ops },
      }
      const frame = decodeFrame(Buffer.concat([encodeCbor({ op: 1, t: '#commit' }), encodeCbor(body)])) as {
        body: DataObject
      }
      const verified = verifyCommit(readCommitMessage(frame.body), { signingKey: key.didKey, previous })
      expect(verified.continuity).toBe('follows')
      expect(String(verified.state.data)).toBe(String(repo.commit.data))
      // An operation that is left out is found.
      const fewer = { ...frame.body, ops: ops.slice(1) }
      expect(() => verifyCommit(readCommitMessage(fewer), { signingKey: key.didKey, previous })).toThrow()
      previous = verified.state
    }
  }, 60_000)
})

/** One to five writes, each of another path. */
function randomWrites(random: SeededRandom, known: Map<string, DataObject>) {
  const writes: object[] = []
  const ops: { action: string; path: string; cid: Cid | null; prev?: Cid }[] = []
  const touched = new Set<string>()
  const count = 1 + (random.uint32() % 5)
  while (writes.length < count) {
    const paths = [...known.keys()]
    const kind = paths.length < 5 ? 0 : random.uint32() % 3
    const path = kind === 0 ? `com.example.a/k${random.uint32()}` : paths[random.uint32() % paths.length]!
    if (touched.has(path)) continue
    touched.add(path)
    const [collection, rkey] = path.split('/')
    const old = known.get(path)
    const prev = old === undefined ? undefined : cidOf('dag-cbor', encodeCbor(old))
    const record = { $type: collection, value: random.uint32() }
    const action = (['create', 'update', 'delete'] as const)[kind]!
    const officialAction = { create: WriteOpAction.Create, update: WriteOpAction.Update, delete: WriteOpAction.Delete }[
      action
    ]
    writes.push({ action: officialAction, collection, rkey, ...(action === 'delete' ? {} : { record }) })
    ops.push({
      action,
      path,
      cid: action === 'delete' ? null : cidOf('dag-cbor', encodeCbor(record)),
      ...(prev === undefined ? {} : { prev }),
    })
    if (action === 'delete') known.delete(path)
    else known.set(path, record)
  }
  return { writes, ops }
}

function cidFrom(cid: { readonly bytes: Uint8Array }): Cid {
  return decodeCbor(Buffer.concat([Uint8Array.of(0xd8, 42, 0x58, 37, 0), cid.bytes])) as Cid
}

interface Entry {
  k: Uint8Array
  p: number
  t: Cid | null
  v: Cid
}

/** Changes one node of the tree, and hashes and signs all that lies above it anew. */
function mutate(archive: Uint8Array, random: SeededRandom): Uint8Array {
  const car = indexCar(archive)
  const commit = decodeCbor(car.get(car.roots[0]!)!) as { data: Cid; rev: string }
  const out = new Map<string, CarBlock>()
  const keep = (bytes: Uint8Array): Cid => {
    const cid = cidOf('dag-cbor', bytes)
    out.set(String(cid), { cid, bytes })
    return cid
  }
  let nodes = 0
  const count = (cid: Cid): void => {
    nodes++
    const { e, l } = decodeCbor(car.get(cid)!) as unknown as { e: Entry[]; l: Cid | null }
    for (const child of [l, ...e.map(({ t }) => t)]) if (child !== null) count(child)
  }
  count(commit.data)
  let chosen = random.uint32() % nodes
  const copy = (cid: Cid): Cid => {
    const isChosen = chosen-- === 0
    const { e, l } = decodeCbor(car.get(cid)!) as unknown as { e: Entry[]; l: Cid | null }
    const node = {
      e: e.map(({ k, p, t, v }) => ({ k, p, t: t === null ? null : copy(t), v: keep(car.get(v)!) })),
      l: l === null ? null : copy(l),
    }
    if (isChosen) change(node, random, keep)
    return keep(encodeCbor(node))
  }
  const data = copy(commit.data)
  const block = signCommit({ did, rev: commit.rev, data }, key)
  return writeCar([block.cid], [block, ...out.values()])
}

function change(node: { e: Entry[]; l: Cid | null }, random: SeededRandom, keep: (bytes: Uint8Array) => Cid): void {
  const { e } = node
  const index = e.length === 0 ? 0 : random.uint32() % e.length
  const entry = e[index]
  const other = cidOf('dag-cbor', random.bytes(4))
  const changes: readonly (() => void)[] = [
    () => {},
    () => entry && (entry.v = keep(encodeCbor({ $type: 'com.example.a', other: random.uint32() }))),
    () => e.splice(index, 1),
    () => e.reverse(),
    () => entry && e.push(entry),
    () => entry && (entry.p += 1),
    () => entry && (entry.p = 0),
    () => entry && (entry.k = Buffer.from('zzz')),
    () => entry && (entry.k = Buffer.concat([entry.k, Buffer.from('é')])),
    () => entry && (entry.v = other),
    () => entry && (entry.t = other),
    () => (node.l = other),
    () => (node.l = null),
    () => entry && (entry.t = keep(encodeCbor({ e: [], l: null }))),
    () => entry && (entry.t = entry.v),
    () => entry && (entry.v = keep(encodeCbor(['no', 'map']))),
    () => Object.assign(node, { extra: 1 }),
    () => entry && Object.assign(entry, { p: -1 }),
  ]
  changes[random.uint32() % changes.length]!()
}
