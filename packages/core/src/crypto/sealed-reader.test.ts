import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seal } from './seal.ts'
import { sealedReader, type RandomAccessSource } from './sealed-reader.ts'
import { content, knownKeyring } from './known-keyring.fixture.ts'

const keyring = knownKeyring()
const chunkSize = 1024

function sourceOf(sealed: Uint8Array): RandomAccessSource & { readonly reads: [number, number][] } {
  const reads: [number, number][] = []
  return {
    size: sealed.length,
    reads,
    async read(start, end) {
      reads.push([start, end])
      return sealed.subarray(start, end)
    },
  }
}

describe('sealedReader', () => {
  it.each([0, 1, 1023, 1024, 1025, 4096, 5000])('knows the size of %i bytes and reads them all', async (size) => {
    const sealed = await seal(content(size), { keyring, chunkSize, context: 'x' })
    const reader = await sealedReader({ source: sourceOf(sealed), keyring, context: 'x' })
    expect(reader.size).toBe(size)
    expect(await reader.read(0, size)).toEqual(content(size))
  })

  it('gives any range as a slice of the content', async () => {
    const plain = content(5000)
    const reader = await sealedReader({ source: sourceOf(await seal(plain, { keyring, chunkSize })), keyring })
    const property = fc.asyncProperty(fc.nat(5000), fc.nat(5000), async (left, right) => {
      const [start, end] = [Math.min(left, right), Math.max(left, right)]
      expect(await reader.read(start, end)).toEqual(plain.slice(start, end))
    })
    await fc.assert(property, { numRuns: 200 })
  })

  it('reads only the chunks of the range', async () => {
    const source = sourceOf(await seal(content(10 * chunkSize), { keyring, chunkSize }))
    const reader = await sealedReader({ source, keyring })
    source.reads.length = 0
    await reader.read(3 * chunkSize + 10, 4 * chunkSize + 1)
    const at = (chunk: number): number => 42 + chunk * (chunkSize + 16)
    expect(source.reads).toEqual([
      [at(3), at(4)],
      [at(4), at(5)],
    ])
  })

  it.each([
    [-1, 5],
    [5, 4],
    [0, 101],
    [0.5, 2],
    [Number.NaN, 5],
  ])('refuses the range %d to %d', async (start, end) => {
    const reader = await sealedReader({ source: sourceOf(await seal(content(100), { keyring })), keyring })
    await expect(reader.read(start, end)).rejects.toMatchObject({ code: 'CORE_CRYPTO_RANGE_INVALID' })
  })

  it('refuses a message cut at any byte before anything is read from it', async () => {
    const sealed = await seal(content(3 * chunkSize), { keyring, chunkSize })
    for (let length = 0; length < sealed.length; length += 1) {
      const opening = sealedReader({ source: sourceOf(sealed.subarray(0, length)), keyring })
      await expect(opening).rejects.toMatchObject({ code: expect.stringMatching(/TRUNCATED|TAMPERED/) })
    }
  })

  it('names the changed chunk, and reads the others', async () => {
    const sealed = await seal(content(3 * chunkSize), { keyring, chunkSize })
    sealed[42 + chunkSize + 16 + 5]! ^= 1
    const reader = await sealedReader({ source: sourceOf(sealed), keyring })
    const attempt = reader.read(chunkSize, chunkSize + 1)
    await expect(attempt).rejects.toMatchObject({ code: 'CORE_CRYPTO_TAMPERED', details: { chunk: 1 } })
    expect(await reader.read(0, 10)).toEqual(content(3 * chunkSize).subarray(0, 10))
  })

  it('refuses a source that gives less than it was asked for', async () => {
    const sealed = await seal(content(100), { keyring })
    const source = { size: sealed.length, read: async (start: number, end: number) => sealed.subarray(start, end - 1) }
    await expect(sealedReader({ source, keyring })).rejects.toMatchObject({ code: 'CORE_CRYPTO_TRUNCATED' })
  })

  it('stops at the signal', async () => {
    const sealed = await seal(content(100), { keyring })
    const controller = new AbortController()
    const reader = await sealedReader({ source: sourceOf(sealed), keyring, signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(reader.read(0, 1)).rejects.toThrow('enough')
  })
})
