import { SeededRandom } from '@exprsn/core/testing'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { looksIncompressible } from './looks-incompressible.ts'

const random = new SeededRandom(4)
const text = Buffer.from(Array.from({ length: 40_000 }, () => random.uint32().toString(36)).join(' '))

describe('looksIncompressible', () => {
  it('says so of random bytes and of compressed ones', () => {
    expect(looksIncompressible(random.bytes(100_000))).toBe(true)
    expect(looksIncompressible(gzipSync(text))).toBe(true)
  })

  it('does not say so of text, of zeros, of code, or of bytes that are random in places only', () => {
    expect(looksIncompressible(text)).toBe(false)
    expect(looksIncompressible(new Uint8Array(100_000))).toBe(false)
    expect(looksIncompressible(Buffer.from(process.execPath.repeat(1_000)))).toBe(false)
    expect(looksIncompressible(Buffer.concat([random.bytes(50_000), Buffer.alloc(50_000)]))).toBe(false)
  })

  it('gives short ones a try', () => {
    expect(looksIncompressible(random.bytes(4_000))).toBe(false)
  })
})
