import fc from 'fast-check'
import { pbkdf2Sync, scryptSync } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextTurn } from '@exprsn/core'
import { createRoMix, type RoMix } from './ro-mix.ts'
import { roMixWasm } from './ro-mix.wasm.ts'
import { scrypt, startScrypt } from './scrypt.ts'
import { scryptPlain } from './scrypt-plain.ts'
import { tasks } from './scrypt.worker.ts'
import type { ScryptCost } from './scrypt-cost.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** RFC 7914, section 12, where 64 bytes are derived. */
const published: readonly (readonly [string, string, ScryptCost, string])[] = [
  [
    ...(['', ''] as const),
    { N: 16, r: 1, p: 1 },
    '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
  ],
  [
    ...(['password', 'NaCl'] as const),
    { N: 1_024, r: 8, p: 16 },
    'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
  ],
  [
    ...(['pleaseletmein', 'SodiumChloride'] as const),
    { N: 16_384, r: 8, p: 1 },
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  ],
]

describe('scrypt', () => {
  it.each(published)('derives what RFC 7914 says of "%s" and "%s" with %j', async (password, text, cost, expected) => {
    const salt = Buffer.from(text)
    expect(hex(await scryptPlain(password, salt, cost))).toBe(expected)
    expect(hex(await scrypt(password, salt, cost, { threads: 1 }))).toBe(expected)
    expect(hex(await scrypt(password, salt, cost, { threads: 2 }))).toBe(expected)
  })

  it.each([1, 3, 9])('shares lanes that do not come out even with %i threads', async (threads) => {
    const [salt, cost] = [Buffer.alloc(64, 5), { N: 64, r: 3, p: 7 }]
    expect(await scrypt('Übung', salt, cost, { threads })).toEqual(await scryptPlain('Übung', salt, cost))
  })

  it('is worth threads where it takes long', async () => {
    const [salt, cost] = [Buffer.alloc(64, 6), { N: 16_384, r: 8, p: 5 }]
    expect(await scrypt('secret', salt, cost)).toEqual(await scryptPlain('secret', salt, cost))
  })

  // With one processor there are no threads.
  it.runIf(availableParallelism() > 1)('derives several keys in threads that were started before', async () => {
    const [salt, cost] = [Buffer.alloc(64, 8), { N: 16_384, r: 8, p: 4 }]
    const pool = startScrypt(cost)!
    expect(pool.stats).toMatchObject({ threads: Math.min(2, availableParallelism() - 1) })
    for (const password of ['first', 'second'])
      expect(await scrypt(password, salt, cost, { pool })).toEqual(await scryptPlain(password, salt, cost))
    await pool.close()
  })

  it('starts no thread before a key that costs little', () => {
    expect(startScrypt({ N: 1_024, r: 8, p: 1 })).toBeUndefined()
  })

  it('does without threads whose file is not there', async () => {
    const [salt, cost] = [Buffer.alloc(64, 7), { N: 64, r: 8, p: 2 }]
    const entry = new URL('./absent.worker.ts', import.meta.url)
    const derived = await scrypt('secret', salt, cost, { threads: 2, entry })
    expect(derived).toEqual(await scryptPlain('secret', salt, cost))
  })
})

/** What scrypt comes to when its lanes are mixed here. */
function scryptWith(roMix: RoMix, password: Uint8Array, salt: Uint8Array, { N, r, p }: ScryptCost): string {
  const lanes = new Uint32Array(Uint8Array.from(pbkdf2Sync(password, salt, 1, 128 * r * p, 'sha256')).buffer)
  roMix.mix(lanes, { N, r })
  return pbkdf2Sync(password, new Uint8Array(lanes.buffer), 1, 64, 'sha256').toString('hex')
}

const costs = fc.record({
  N: fc.integer({ min: 1, max: 9 }).map((exponent) => 2 ** exponent),
  r: fc.integer({ min: 1, max: 11 }),
  p: fc.integer({ min: 1, max: 5 }),
})
const texts = fc.uint8Array({ maxLength: 80 })

describe('scryptROMix', () => {
  afterEach(() => vi.restoreAllMocks())

  it('mixes what RFC 7914 mixes in section 10', () => {
    const lane = Buffer.from(
      'f7ce0b653d2d72a4108cf5abe912ffdd777616dbbb27a70e8204f3ae2d0f6fad89f68f4811d1e87bcc3bd7400a9ffd29094f0184639574f39ae5a1315217bcd7' +
        '894991447213bb226c25b54da86370fbcd984380374666bb8ffcb5bf40c254b067d27c51ce4ad5fed829c90b505a571b7f4d1cad6a523cda770e67bceaaf7e89',
      'hex',
    )
    const words = new Uint32Array(Uint8Array.from(lane).buffer)
    createRoMix()!.mix(words, { N: 16, r: 1 })
    expect(hex(new Uint8Array(words.buffer))).toBe(
      '79ccc193629debca047f0b70604bf6b62ce3dd4a9626e355fafc6198e6ea2b46d58413673b99b029d665c357601fb426a0b2f4bba200ee9f0a43d19b571a9c71' +
        'ef1142e65d5a266fddca832ce59faa7cac0b9cf1be2bffca300d01ee387619c4ae12fd4438f203a0e4e1c47ec314861f4e9087cb33396a6873e8f9d2539a4b8e',
    )
  })

  it('agrees with OpenSSL, whatever was mixed before in the same memory', () => {
    const roMix = createRoMix()!
    fc.assert(
      fc.property(texts, texts, costs, (password, salt, cost) => {
        expect(scryptWith(roMix, password, salt, cost)).toBe(scryptSync(password, salt, 64, cost).toString('hex'))
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['rotates by another number', '410dfdab01', '410cfdab01'],
    ['takes another word for the next element', '41c0006b', '4180016b'],
    ['does a round less', '4104', '4103'],
  ])('would be found out if it %s', (_, right, wrong) => {
    const code = Buffer.from(roMixWasm, 'base64').toString('hex')
    expect(code).toContain(right)
    const roMix = createRoMix(Buffer.from(code.replaceAll(right, wrong), 'hex').toString('base64'))!
    const cost = { N: 4, r: 2, p: 1 }
    const expected = scryptSync('secret', 'salt', 64, cost).toString('hex')
    expect(scryptWith(createRoMix()!, Buffer.from('secret'), Buffer.from('salt'), cost)).toBe(expected)
    expect(scryptWith(roMix, Buffer.from('secret'), Buffer.from('salt'), cost)).not.toBe(expected)
  })

  it('leaves nothing of it in its memory', () => {
    const memory = memoryOf(() => {
      const roMix = createRoMix()!
      roMix.mix(new Uint32Array(3 * 64).fill(7), { N: 64, r: 2 })
      roMix.wipe()
    })
    expect(memory.length).toBeGreaterThan(2 * 64 * 256)
    expect(memory.every((byte) => byte === 0)).toBe(true)
  })

  it('is wiped in its thread, once the answer is on its way', async () => {
    const job = { lanes: new Uint32Array(2 * 64).fill(7), cost: { N: 64, r: 2, p: 2 } }
    const memory = memoryOf(() => tasks.roMix(job))
    expect(memory.some((byte) => byte !== 0)).toBe(true)
    await nextTurn()
    expect(memory.every((byte) => byte === 0)).toBe(true)
  })

  it('says that there is no WebAssembly', () => {
    expect(createRoMix('AAAA')).toBeUndefined()
  })
})

/** The memory of the WebAssembly that is instantiated meanwhile. */
function memoryOf(work: () => void): Uint8Array {
  type Instance = new (...args: never[]) => { readonly exports: { readonly memory: { readonly buffer: ArrayBuffer } } }
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: { Instance: Instance } }
  const { Instance } = WebAssembly
  const made: InstanceType<Instance>[] = []
  vi.spyOn(WebAssembly, 'Instance').mockImplementation(function instantiate(...args) {
    made.push(new Instance(...args))
    return made.at(-1)!
  })
  work()
  return new Uint8Array(made[0]!.exports.memory.buffer)
}
