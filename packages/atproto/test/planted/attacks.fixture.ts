// Run by planted-bugs.test.ts in a process of its own: for each folder of sources that is named, the attacks that get through.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Codec from '../../src/codec/index.ts'
import type * as Crypto from '../../src/crypto/index.ts'
import type * as Log from '../../src/identity/plc/plc-log.ts'
import type * as Operation from '../../src/identity/plc/plc-operation.ts'
import type * as Signature from '../../src/identity/plc/plc-signature.ts'
import type * as Repo from '../../src/repo/index.ts'

interface Sources {
  readonly codec: typeof Codec
  readonly crypto: typeof Crypto
  readonly repo: typeof Repo
  readonly log: typeof Log
  readonly operation: typeof Operation
  readonly signature: typeof Signature
}

type Attack = readonly [name: string, attempt: () => unknown]

const did = 'did:plc:abcdefghijklmnopqrstuvwx'
const other = 'did:plc:bbbbbbbbbbbbbbbbbbbbbbbb'

const results: Record<string, string[]> = {}
for (const folder of process.argv.slice(2)) results[folder] = await successes(await load(folder))
process.stdout.write(JSON.stringify(results))

async function load(folder: string): Promise<Sources> {
  const at = (file: string) => import(pathToFileURL(join(folder, file)).href)
  return {
    codec: await at('codec/index.ts'),
    crypto: await at('crypto/index.ts'),
    repo: await at('repo/index.ts'),
    log: await at('identity/plc/plc-log.ts'),
    operation: await at('identity/plc/plc-operation.ts'),
    signature: await at('identity/plc/plc-signature.ts'),
  }
}

/** An attack succeeds when it is not refused. What is right must not be refused: that counts as one, too. */
async function successes(sources: Sources): Promise<string[]> {
  const { attacks, rightful } = await prepare(sources)
  const through = attacks.filter(([, attempt]) => passes(attempt)).map(([name]) => name)
  return [...through, ...rightful.filter(([, attempt]) => !passes(attempt)).map(([name]) => `refused: ${name}`)]
}

function passes(attempt: () => unknown): boolean {
  try {
    return attempt() !== false
  } catch {
    return false
  }
}

async function prepare(
  sources: Sources,
): Promise<{ readonly attacks: readonly Attack[]; readonly rightful: readonly Attack[] }> {
  const parts = [ofCodec(sources), ofTrees(sources), ofCommits(sources), await ofLogs(sources)]
  return { attacks: parts.flatMap(({ attacks }) => attacks), rightful: parts.flatMap(({ rightful }) => rightful) }
}

interface Part {
  readonly attacks: readonly Attack[]
  readonly rightful: readonly Attack[]
}

function ofCodec({ codec, crypto }: Sources): Part {
  const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
  const key = crypto.importSigningKey('k256', new Uint8Array(32).fill(7))
  const message = Buffer.from('a message')
  const signature = key.sign(message)
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const s = order - BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
  const high = Uint8Array.from([...signature.subarray(0, 32), ...bytes(s.toString(16).padStart(64, '0'))])
  // The point that this key, the message and s = 1 lead to has the order and 2 as its x: r is 2, and not that.
  const rare = 'did:key:zQ3shZq4rDRzHgW5qL8yPpUtqbFeHDBqafAhXvbCM1137teZg'
  const pair = (r: bigint) => bytes(r.toString(16).padStart(64, '0') + '1'.padStart(64, '0'))
  const block = codec.encodeCbor({ text: 'hello' })
  const car = codec.writeCar([codec.cidOf('dag-cbor', block)], [{ cid: codec.cidOf('dag-cbor', block), bytes: block }])
  const damaged = car.slice()
  damaged[car.length - 1]! ^= 1
  return {
    attacks: [
      ['keys out of order', () => codec.decodeCbor(bytes('a2616201616101'))],
      ['a key twice', () => codec.decodeCbor(bytes('a2616101616102'))],
      ['a number in a longer form', () => codec.decodeCbor(bytes('1801'))],
      ['bytes behind a value', () => codec.decodeCbor(bytes('0101'))],
      ['a deep value', () => codec.decodeCbor(bytes(`${'81'.repeat(500)}01`))],
      ['a damaged block', () => codec.indexCar(damaged)],
      ['high s', () => crypto.verifySignature(key.didKey, message, high)],
      ['r above the order', () => crypto.verifySignature(rare, message, pair(order + 2n))],
      ['a signature of another', () => crypto.verifySignature(key.didKey, Buffer.from('other'), signature)],
    ],
    rightful: [
      ['a value', () => codec.decodeCbor(block)],
      ['an archive', () => codec.indexCar(car)],
      ['a signature', () => crypto.verifySignature(key.didKey, message, signature)],
      ['a signature whose point is above the order', () => crypto.verifySignature(rare, message, pair(2n))],
    ],
  }
}

function ofTrees({ codec, crypto, repo }: Sources): Part {
  const key = crypto.importSigningKey('k256', new Uint8Array(32).fill(7))
  const options = { did, signingKey: key.didKey }
  const record = codec.encodeCbor({ text: 'hello' })
  const v = codec.cidOf('dag-cbor', record)
  const block = (value: unknown) => {
    const bytes = codec.encodeCbor(value)
    return { cid: codec.cidOf('dag-cbor', bytes), bytes }
  }
  const entry = (k: string, p: number, t: Codec.Cid | null = null) => ({ k: Buffer.from(k.slice(p)), p, t, v })
  const archive = (root: unknown, ...more: readonly Codec.CarBlock[]) => {
    const node = block(root)
    const commit = repo.signCommit({ did, rev: '3kznmn7xqxl22', data: node.cid }, key)
    return codec.writeCar([commit.cid], [commit, node, ...more, { cid: v, bytes: record }])
  }
  // Of the paths a/0, a/1, …: the first ones whose layer is 0, and the first one above.
  const paths = Array.from({ length: 200 }, (_, number) => `a/${String(number).padStart(3, '0')}`)
  const low = paths.filter((path) => isLowest(codec, path))
  const high = paths.find((path) => !isLowest(codec, path) && path > low[2]!)!
  const after = low.find((path) => path > high)!
  const leaf = block({ e: [entry(after, 0)], l: null })
  const skipped = block({ e: [entry(low[0]!, 0)], l: null })
  const good = repo.createRepoArchive({ did, key, records: { 'a/1': { text: 'hello' } } })
  const index = codec.indexCar(good)
  const proof = repo.createRecordProof(index, index.roots[0]!, 'a/1')
  const stranger = crypto.createSigningKey('k256')
  const verify =
    (car: Uint8Array, more: object = {}) =>
    () =>
      repo.verifyRepo(car, { ...options, ...more })
  return {
    attacks: [
      ['a repository of another account', verify(good, { did: other })],
      ['a repository signed by another', verify(good, { signingKey: stranger.didKey })],
      ['a proof of another account', () => repo.verifyRecordProof(proof, { ...options, did: other, path: 'a/1' })],
      [
        'keys of several layers in a node',
        verify(archive({ e: [entry(low[0]!, 0), entry(high, common(low[0]!, high))], l: null })),
      ],
      ['a subtree of the layer of its parent', verify(archive({ e: [entry(low[1]!, 0)], l: skipped.cid }, skipped))],
      ['a left subtree behind its parent', verify(archive({ e: [entry(high, 0)], l: leaf.cid }, leaf))],
      ['a prefix that is too short', verify(archive({ e: [entry(low[0]!, 0), entry(low[1]!, 0)], l: null }))],
      ['a subtree far below its parent', verify(farBelow({ codec, repo, crypto }))],
    ],
    rightful: [
      ['a repository', verify(good)],
      ['a proof', () => repo.verifyRecordProof(proof, { ...options, path: 'a/1' })],
      [
        'two keys of one node',
        verify(archive({ e: [entry(low[0]!, 0), entry(low[1]!, common(low[0]!, low[1]!), null)], l: null })),
      ],
    ],
  }
}

/** A key of the second layer whose subtree begins at the lowest, with the node between them left out. */
function farBelow({ codec, crypto, repo }: Pick<Sources, 'codec' | 'crypto' | 'repo'>): Uint8Array {
  const key = crypto.importSigningKey('k256', new Uint8Array(32).fill(7))
  const record = codec.encodeCbor({ text: 'hello' })
  const v = codec.cidOf('dag-cbor', record)
  const paths = Array.from({ length: 2000 }, (_, number) => `a/${String(number).padStart(4, '0')}`)
  const top = paths.find((path, index) => index > 10 && layer(codec, path) === 2)!
  const bottom = paths.find((path) => layer(codec, path) === 0)!
  const leaf = codec.encodeCbor({ e: [{ k: Buffer.from(bottom), p: 0, t: null, v }], l: null })
  const leafCid = codec.cidOf('dag-cbor', leaf)
  const root = codec.encodeCbor({ e: [{ k: Buffer.from(top), p: 0, t: null, v }], l: leafCid })
  const rootCid = codec.cidOf('dag-cbor', root)
  const commit = repo.signCommit({ did, rev: '3kznmn7xqxl22', data: rootCid }, key)
  return codec.writeCar(
    [commit.cid],
    [commit, { cid: rootCid, bytes: root }, { cid: leafCid, bytes: leaf }, { cid: v, bytes: record }],
  )
}

function isLowest(codec: typeof Codec, path: string): boolean {
  return layer(codec, path) === 0
}

/** Half the zero bits that the hash begins with; the hash is the end of a CID of the path as raw bytes. */
function layer(codec: typeof Codec, path: string): number {
  const digest = codec.cidOf('raw', Buffer.from(path)).bytes.slice(4)
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return bits.indexOf('1') >> 1
}

function common(left: string, right: string): number {
  let length = 0
  while (left[length] === right[length]) length++
  return length
}

function ofCommits({ codec, crypto, repo }: Sources): Part {
  const key = crypto.importSigningKey('k256', new Uint8Array(32).fill(7))
  const blocks = new Map<string, Uint8Array>()
  const source = { get: (cid: Codec.Cid) => blocks.get(String(cid)) }
  const revOf = (number: number) => codec.formatTid({ microseconds: 1_700_000_000_000_000 + number, clockId: 1 })
  let state: Repo.RepoState | undefined
  const commit = (number: number, writes: readonly Repo.RepoWrite[], rev = revOf(number)) => {
    const before = state
    const created = repo.createCommit({ did, key, previous: state, source, writes, rev })
    for (const { cid, bytes } of created.blocks) blocks.set(String(cid), bytes)
    state = created.state
    const ops = created.operations.map(({ action, path, cid, prev }) => ({
      action,
      path,
      cid: cid ?? null,
      ...(prev && { prev }),
    }))
    const body = {
      seq: number,
      repo: did,
      commit: created.commit.cid,
      rev,
      since: before?.rev ?? null,
      ops,
      blocks: created.proof,
      ...(before && { prevData: before.data }),
    }
    return { body, before, after: created.state }
  }
  const create = (path: string): Repo.RepoWrite => ({ action: 'create', path, value: { path } })
  commit(
    0,
    Array.from({ length: 40 }, (_, number) => create(`a/${number}`)),
  )
  const first = commit(1, [create('b/1'), create('b/2'), { action: 'delete', path: 'a/7' }])
  const second = commit(2, [create('b/3')])
  const far = commit(
    3,
    [create('b/4')],
    codec.formatTid({ microseconds: Date.now() * 1000 + 3_600_000_000, clockId: 1 }),
  )
  const verify = (body: object, more: object = {}) =>
    repo.verifyCommit(repo.readCommitMessage(body as Codec.DataObject), { signingKey: key.didKey, ...more })
  const follows = (body: object, previous: Repo.RepoState | undefined) =>
    verify(body, { previous }).continuity === 'follows'
  const { body } = first
  return {
    attacks: [
      ['a commit of another account', () => verify({ ...body, repo: other })],
      ['a commit signed by another', () => verify(body, { signingKey: crypto.createSigningKey('k256').didKey })],
      ['an operation left out', () => verify({ ...body, ops: body.ops.slice(1) })],
      ['another tree before', () => verify({ ...body, prevData: second.after.data })],
      ['a revision of the future', () => verify(far.body)],
      ['an old commit that follows', () => follows(body, { ...first.before!, rev: second.after.rev })],
      [
        'the same commit once more',
        () => follows({ ...body, since: first.after.rev }, { rev: first.after.rev, data: first.before!.data }),
      ],
      [
        'a commit behind a gap that follows',
        () => follows({ ...second.body, since: first.before!.rev }, { rev: revOf(1), data: second.before!.data }),
      ],
    ],
    rightful: [
      ['a commit', () => follows(body, first.before)],
      ['the next', () => follows(second.body, second.before)],
    ],
  }
}

async function ofLogs({ crypto, log, operation, signature }: Sources): Promise<Part> {
  const hour = 60 * 60_000
  const [strong, weak, stranger] = [1, 2, 3].map((byte) =>
    crypto.importSigningKey('k256', new Uint8Array(32).fill(byte)),
  ) as [Crypto.SigningKey, Crypto.SigningKey, Crypto.SigningKey]
  const state = (name: string, rotationKeys = [strong.didKey, weak.didKey]) => ({
    rotationKeys,
    verificationMethods: {},
    alsoKnownAs: [`at://${name}.example.com`],
    services: {},
  })
  const update = (prev: string | null, name: string, signer: Crypto.SigningKey, keys?: string[]) =>
    signature.signOperation(
      { type: 'plc_operation', ...state(name, keys), prev } as const,
      signer,
    ) as Promise<Operation.PlcOperation>
  const cidOf = (each: Operation.PlcOperation) => String(operation.operationCid(each))
  const genesis = await update(null, 'a', strong)
  const plc = signature.didOfGenesis(genesis)
  const hijack = await update(cidOf(genesis), 'hijacked', weak, [stranger.didKey])
  const recovery = await update(cidOf(genesis), 'recovered', strong)
  const weakUndo = await update(cidOf(genesis), 'undone', weak)
  const tombstone = (await signature.signOperation(
    { type: 'plc_tombstone', prev: cidOf(genesis) } as const,
    strong,
  )) as Operation.PlcOperation
  const risen = await update(cidOf(tombstone), 'risen', strong)
  type Step = readonly [Operation.PlcOperation, hours: number, nullified?: boolean]
  const entries = (...steps: readonly Step[]) =>
    steps.map(([each, hours, nullified = false]) => ({
      did: plc,
      operation: each,
      cid: cidOf(each),
      nullified,
      createdAt: new Date(hours * hour).toISOString(),
    }))
  const verify =
    (list: readonly object[], name = plc) =>
    () =>
      log.verifyPlcLog(name, list)
  const recovered = entries([genesis, 0], [hijack, 1, true], [recovery, 2])
  return {
    attacks: [
      [
        'a log of another identity',
        verify(
          entries([genesis, 0]).map(({ did: _, ...entry }) => entry),
          other,
        ),
      ],
      ['an undoing by a key that is not stronger', verify(entries([genesis, 0], [hijack, 1, true], [weakUndo, 2]))],
      ['an undoing after 72 hours', verify(entries([genesis, 0], [hijack, 1, true], [recovery, 74]))],
      ['a nullified operation that is not marked', verify(recovered.with(1, { ...recovered[1]!, nullified: false }))],
      ['a CID of another operation', verify(entries([genesis, 0]).map((entry) => ({ ...entry, cid: cidOf(hijack) })))],
      ['an operation behind a tombstone', verify(entries([genesis, 0], [tombstone, 1], [risen, 2]))],
    ],
    rightful: [
      ['a log', verify(entries([genesis, 0], [hijack, 1]))],
      ['a recovery', verify(recovered)],
      ['a tombstone', verify(entries([genesis, 0], [tombstone, 1]))],
    ],
  }
}
