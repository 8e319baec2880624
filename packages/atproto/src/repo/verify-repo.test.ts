import { readFileSync } from 'node:fs'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { cidOf, encodeCbor, indexCar, writeCar, type CarBlock, type Cid } from '../codec/index.ts'
import { createSigningKey } from '../crypto/index.ts'
import { buildMst, createRecordProof, createRepoArchive, signCommit, verifyRecordProof, verifyRepo } from './index.ts'
import { mstLayerOfText } from './mst-layer.ts'
import { did, key, sampleRecords } from '../../test/repo/sample-repo.ts'

const records = sampleRecords(60, new SeededRandom(1))
const car = createRepoArchive({ did, key, records, rev: '3kznmn7xqxl22' })
const options = { did, signingKey: key.didKey }

/** An archive around a hand-made root node. */
function archiveOf(root: unknown, more: readonly unknown[] = []): Uint8Array {
  const blocks = [root, ...more].map((value): CarBlock => {
    const bytes = encodeCbor(value)
    return { cid: cidOf('dag-cbor', bytes), bytes }
  })
  const commit = signCommit({ did, rev: '3kznmn7xqxl22', data: blocks[0]!.cid }, key)
  return writeCar([commit.cid], [commit, ...new Map(blocks.map((block) => [String(block.cid), block])).values()])
}

const record = { text: 'hello' }
const v = cidOf('dag-cbor', encodeCbor(record))
const bytes = (text: string) => new TextEncoder().encode(text)
const entry = (k: string, p = 0, t: Cid | null = null) => ({ k: bytes(k), p, t, v })
const node = (e: readonly unknown[], l: Cid | null = null) => ({ e, l })
const linkTo = (value: unknown) => cidOf('dag-cbor', encodeCbor(value))
const low = ['a/0', 'a/1'] as const
const high = 'a/h0'

describe('verifyRepo', () => {
  it('gives every record, in order', () => {
    const repo = verifyRepo(car, options)
    expect([repo.did, repo.rev, repo.size, repo.unreferenced]).toEqual([did, '3kznmn7xqxl22', 60, 0])
    expect(Object.fromEntries([...repo.records()].map(({ path, value }) => [path, value]))).toEqual(records)
    expect(repo.paths).toEqual(Object.keys(records).sort())
    expect(repo.get(repo.paths[7]!)?.cid.equals(cidOf('dag-cbor', encodeCbor(records[repo.paths[7]!])))).toBe(true)
    expect(repo.get('a/b')).toBeUndefined()
  })

  it('gives the same lazily', () => {
    const [eager, lazy] = (['eager', 'lazy'] as const).map((mode) => [
      ...verifyRepo(car, { ...options, records: mode }).records(),
    ])
    expect(lazy).toEqual(eager)
  })

  it('takes an empty repository, and equal records at two paths', () => {
    expect(verifyRepo(createRepoArchive({ did, key, records: {} }), options).size).toBe(0)
    const twins = createRepoArchive({ did, key, records: { 'a/1': record, 'a/2': record } })
    expect(verifyRepo(twins, options)).toMatchObject({ size: 2, unreferenced: 0 })
  })

  it('detects every flipped byte', () => {
    for (let position = 0; position < car.length; position++) {
      const flipped = car.slice()
      flipped[position]! ^= 1 << (position % 8)
      expect(() => verifyRepo(flipped, options), `byte ${position}`).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^ATPROTO_/) }),
      )
    }
  })

  it('detects every cut', () => {
    for (let length = 0; length < car.length; length += 7)
      expect(() => verifyRepo(car.subarray(0, length), options)).toThrow()
  })

  it('detects that any block is missing', () => {
    const index = indexCar(car)
    const blocks = Array.from({ length: index.size }, (_, number) => ({
      cid: index.cidOf(number),
      bytes: index.block(number),
    }))
    for (let missing = 0; missing < blocks.length; missing++) {
      expect(() => verifyRepo(writeCar(index.roots, blocks.toSpliced(missing, 1)), options)).toThrow(/missing/)
    }
  })

  it('S5: refuses the account or key of another', () => {
    expect(() => verifyRepo(car, { ...options, did: 'did:plc:other' })).toThrow(
      expect.objectContaining({ code: 'ATPROTO_REPO_INVALID' }),
    )
    const other = createSigningKey('p256').didKey
    expect(() => verifyRepo(car, { did, signingKey: other })).toThrow(
      expect.objectContaining({ code: 'ATPROTO_COMMIT_SIGNATURE_INVALID' }),
    )
    expect(verifyRepo(car, { signingKey: false }).size).toBe(60)
  })

  it('S2: refuses no root, two roots, and a root that is not a commit', () => {
    const index = indexCar(car)
    const blocks = Array.from({ length: index.size }, (_, number) => ({
      cid: index.cidOf(number),
      bytes: index.block(number),
    }))
    const root = index.roots[0]!
    for (const roots of [[], [root, root], [v]]) {
      expect(() => verifyRepo(writeCar(roots, blocks), options)).toThrow(
        expect.objectContaining({ code: 'ATPROTO_REPO_INVALID' }),
      )
    }
    const noCommit = blocks.find(({ cid }) => !cid.equals(root))!
    expect(() => verifyRepo(writeCar([noCommit.cid], blocks), options)).toThrow(
      expect.objectContaining({ code: 'ATPROTO_COMMIT_INVALID' }),
    )
  })

  const [first, second] = low
  const child = node([entry(first)])
  const childless = node([])
  it.each<[string, unknown, unknown[], RegExp]>([
    ['keys out of order', node([entry(second), entry(first)]), [record], /order/],
    ['a key twice', node([entry(first), entry('', first.length)]), [record], /twice/],
    ['a prefix that is too short', node([entry(first), entry(second)]), [record], /prefix is too short/],
    ['a prefix that is too long', node([entry(first, 1)]), [record], /prefix is longer/],
    ['keys of several layers', node([entry(first), entry('h0', 2)]), [record], /layers/],
    ['an empty node', node([], linkTo(childless)), [childless], /empty/],
    ['a root without entries', node([], linkTo(child)), [child, record], /empty/],
    ['a node below the lowest layer', node([entry(second)], linkTo(child)), [child, record], /lowest/],
    ['a key that is not a path', node([entry('abc')]), [record], /path/],
    ['a key of two slashes', node([entry('a/b/c')]), [record], /path/],
    ['a key that leads elsewhere', node([entry('a/..')]), [record], /path/],
    ['a collection that leads elsewhere', node([entry('../a')]), [record], /path/],
    ['a key with a space', node([entry('a/ b')]), [record], /path/],
    ['a key of 2000 bytes', node([entry(`a/${'b'.repeat(2000)}`)]), [record], /too long/],
    ['another field', { ...node([]), x: 1 }, [], /canonical/],
    ['entries that are not a list', { e: 'x', l: null }, [], /canonical/],
    ['a value that is not a link', node([{ ...entry(first), v: 1 }]), [], /link|count/],
    ['a link to raw bytes', node([{ ...entry(first), v: cidOf('raw', bytes('x')) }]), [], /link/],
    ['a record that is not a map', node([{ ...entry(first), v: linkTo('text') }]), ['text'], /not a map/],
    ['a record that is not there', node([entry(first)]), [], /missing/],
    ['a node that is not there', node([entry(high)], linkTo(child)), [record], /missing/],
  ])('S4: refuses %s', (_, root, more, reason) => {
    expect(() => verifyRepo(archiveOf(root, more), options)).toThrow(reason)
  })

  it('S4: refuses subtrees that are out of order with their parent', () => {
    const tooLarge = node([entry('z/1')])
    expect(mstOf('z/1', high)).toEqual([0, 1])
    expect(() => verifyRepo(archiveOf(node([entry(high)], linkTo(tooLarge)), [tooLarge, record]), options)).toThrow(
      /order/,
    )
  })

  it('S4: refuses a layer that is skipped', () => {
    const higher = 'a/h21'
    expect(mstOf(higher)).toEqual([2])
    expect(() => verifyRepo(archiveOf(node([entry(higher)], linkTo(child)), [child, record]), options)).toThrow(/layer/)
  })

  it('takes intermediate nodes that have no entries', () => {
    const paths = Array.from({ length: 400 }, (_, number) => `a/${number}`)
    const repo = verifyRepo(
      createRepoArchive({ did, key, records: Object.fromEntries(paths.map((path) => [path, record])) }),
      options,
    )
    expect(repo.size).toBe(400)
  })

  it('refuses records that are not canonical at once, unless they are asked for later', () => {
    const floats = Uint8Array.of(0xa1, 0x61, 0x61, 0xf9, 0x3c, 0x00)
    const cid = cidOf('dag-cbor', floats)
    const tree = buildMst([['a/1', cid]])
    const commit = signCommit({ did, rev: '3kznmn7xqxl22', data: tree.root }, key)
    const archive = writeCar([commit.cid], [commit, ...tree.blocks, { cid, bytes: floats }])
    const refused = expect.objectContaining({ code: 'ATPROTO_CBOR_INVALID' })
    expect(() => verifyRepo(archive, options)).toThrow(refused)
    const lazy = verifyRepo(archive, { ...options, records: 'lazy' })
    expect(() => lazy.get('a/1')).toThrow(refused)
  })

  it('takes commits of version 2 only when asked to', () => {
    const { root, blocks } = buildMst([])
    const unsigned = { did, version: 2, prev: null, data: root }
    const commit = encodeCbor({ ...unsigned, sig: key.sign(encodeCbor(unsigned)) })
    const cid = cidOf('dag-cbor', commit)
    const archive = writeCar([cid], [{ cid, bytes: commit }, ...blocks])
    expect(() => verifyRepo(archive, options)).toThrow(/version/)
    expect(verifyRepo(archive, { ...options, legacy: true })).toMatchObject({ rev: undefined, size: 0 })
  })

  it('reports blocks that nothing leads to', () => {
    const index = indexCar(car)
    const blocks = Array.from({ length: index.size }, (_, number) => ({
      cid: index.cidOf(number),
      bytes: index.block(number),
    }))
    const stray = encodeCbor({ stray: true })
    const archive = writeCar(index.roots, [...blocks, { cid: cidOf('dag-cbor', stray), bytes: stray }])
    expect(verifyRepo(archive, options).unreferenced).toBe(1)
  })
})

describe('the proof of a record', () => {
  const index = indexCar(car)
  const path = Object.keys(records)[5]!

  it('proves the record, or that there is none', () => {
    expect(verifyRecordProof(createRecordProof(index, index.roots[0]!, path), { ...options, path })).toMatchObject({
      rev: '3kznmn7xqxl22',
      value: records[path],
    })
    const absent = createRecordProof(index, index.roots[0]!, 'a/none')
    expect(verifyRecordProof(absent, { ...options, path: 'a/none' })).toMatchObject({
      cid: undefined,
      value: undefined,
    })
  })

  it('detects every flipped byte', () => {
    const proof = createRecordProof(index, index.roots[0]!, path)
    for (let position = 0; position < proof.length; position++) {
      const flipped = proof.slice()
      flipped[position]! ^= 1 << (position % 8)
      expect(() => verifyRecordProof(flipped, { ...options, path })).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^ATPROTO_/) }),
      )
    }
  })

  it('does not take the proof of one path for another, or of another account', () => {
    const proof = createRecordProof(index, index.roots[0]!, path)
    const far = [...Object.keys(records)].find((other) => other[9] !== path[9])!
    expect(() => verifyRecordProof(proof, { ...options, path: far })).toThrow(/missing/)
    expect(() => verifyRecordProof(proof, { ...options, did: 'did:plc:other', path })).toThrow(/did:plc/)
    expect(() => verifyRecordProof(writeCar([], []), { ...options, path })).toThrow(/no commit/)
  })
})

const shared = sharedData('atproto')
it.skipIf(shared === undefined)('verifies real repositories (skipped where the shared data is absent)', () => {
  const [signingKey, account] = readFileSync(`${shared}/generated/synthetic-3000.key.txt`, 'utf8').trim().split(/\s+/)
  const synthetic = readFileSync(`${shared}/generated/synthetic-3000.car`)
  expect(verifyRepo(synthetic, { did: account, signingKey: signingKey! })).toMatchObject({
    size: 3000,
    nodes: 753,
    unreferenced: 0,
  })
  expect(verifyRepo(readFileSync(`${shared}/indigo/greenground.repo.car`), { signingKey: false }).size).toBe(2)
})

function mstOf(...paths: string[]): number[] {
  return paths.map(mstLayerOfText)
}
