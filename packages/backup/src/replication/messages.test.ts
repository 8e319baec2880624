import fc from 'fast-check'
import { ExprsnError } from '@exprsn/core'
import { describe, expect, it } from 'vitest'
import { decodeBackupMessage, decodeWalMessage, encodeStandbyStatus, isBackupData } from './messages.ts'

/** A message in the middle of a larger buffer, as it comes from a socket. */
function within(bytes: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(bytes.length + 20)
  buffer.set(bytes, 7)
  return buffer.subarray(7, 7 + bytes.length)
}

function walData(start: bigint, end: bigint, time: bigint, text: string): Uint8Array {
  const bytes = Buffer.alloc(25 + text.length)
  bytes.write('w')
  bytes.writeBigUInt64BE(start, 1)
  bytes.writeBigUInt64BE(end, 9)
  bytes.writeBigInt64BE(time, 17)
  bytes.write(text, 25)
  return bytes
}

describe('decodeWalMessage', () => {
  it('reads data', () => {
    const message = decodeWalMessage(within(walData(2n ** 63n + 5n, 9n, -3n, 'log')))
    expect(message).toMatchObject({ kind: 'data', start: 2n ** 63n + 5n, end: 9n, time: -3n })
    expect(message.kind === 'data' && Buffer.from(message.bytes).toString()).toBe('log')
  })

  it('reads a keepalive', () => {
    const bytes = Buffer.alloc(18)
    bytes.write('k')
    bytes.writeBigUInt64BE(77n, 1)
    bytes[17] = 1
    expect(decodeWalMessage(within(bytes))).toEqual({ kind: 'keepalive', end: 77n, time: 0n, replyNow: true })
    bytes[17] = 0
    expect(decodeWalMessage(bytes)).toMatchObject({ replyNow: false })
  })

  it.each([[[]], [[0x77]], [[0x6b, 1, 2]], [[0x41, 0, 0, 0, 0, 0]]])('refuses %j', (bytes) => {
    expect(() => decodeWalMessage(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: 'BACKUP_POSTGRES_PROTOCOL' }),
    )
  })
})

describe('decodeBackupMessage', () => {
  it('reads each kind', () => {
    const text = (content: string) => within(Buffer.from(content))
    expect(decodeBackupMessage(text('nbase.tar\0\0'))).toEqual({ kind: 'archive', name: 'base.tar', location: '' })
    expect(decodeBackupMessage(text('n16384.tar\0/srv/fast\0'))).toEqual({
      kind: 'archive',
      name: '16384.tar',
      location: '/srv/fast',
    })
    expect(decodeBackupMessage(text('m'))).toEqual({ kind: 'manifest' })
    expect(decodeBackupMessage(text('p\0\0\0\0\0\0\x01\0'))).toEqual({ kind: 'progress', done: 256n })
  })

  it('knows data from what is about it', () => {
    const kinds = ['d', 'dabc', 'm', 'nbase.tar\0\0', ''].map((content) => isBackupData(Buffer.from(content)))
    expect(kinds).toEqual([true, true, false, false, false])
  })

  it.each(['', 'n', 'nname', 'n\0\0', 'nname\0location', 'nname\0location\0more', 'mm', 'p12', 'z', 'dabc'])(
    'refuses %j',
    (text) => {
      expect(() => decodeBackupMessage(Buffer.from(text))).toThrow(
        expect.objectContaining({ code: 'BACKUP_POSTGRES_PROTOCOL' }),
      )
    },
  )
})

describe('encodeStandbyStatus', () => {
  it('puts each field at its place', () => {
    const bytes = Buffer.from(encodeStandbyStatus({ written: 300n, flushed: 200n, time: -1n, replyNow: true }))
    expect(bytes.length).toBe(34)
    expect(String.fromCharCode(bytes[0]!)).toBe('r')
    expect(bytes.readBigUInt64BE(1)).toBe(300n)
    expect(bytes.readBigUInt64BE(9)).toBe(200n)
    expect(bytes.readBigUInt64BE(17)).toBe(0n)
    expect(bytes.readBigInt64BE(25)).toBe(-1n)
    expect(bytes[33]).toBe(1)
    expect(encodeStandbyStatus({ written: 0n, flushed: 0n, time: 0n })[33]).toBe(0)
  })
})

describe('hostile messages', () => {
  it('are answered with one typed error, 5,000 times', () => {
    const seeds = [
      walData(1n, 2n, 3n, 'x'),
      Buffer.from('nbase.tar\0\0'),
      Buffer.from('p12345678'),
      Buffer.from('k12345678901234567'),
    ]
    const mutated = fc
      .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(30), fc.nat(255)), { maxLength: 6 }), fc.nat(40))
      .map(([seed, changes, length]) => {
        const copy = Uint8Array.from(seed.subarray(0, length))
        for (const [offset, byte] of changes) if (offset < copy.length) copy[offset] = byte
        return copy
      })
    let refused = 0
    fc.assert(
      fc.property(mutated, (bytes) => {
        for (const decode of [decodeWalMessage, decodeBackupMessage])
          try {
            decode(bytes)
          } catch (error) {
            expect(ExprsnError.is(error) && error.code).toBe('BACKUP_POSTGRES_PROTOCOL')
            refused++
          }
      }),
      { numRuns: 5_000 },
    )
    expect(refused).toBeGreaterThan(2_000)
  })
})
