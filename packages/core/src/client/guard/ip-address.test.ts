import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIpAddress } from './ip-address.ts'

const loopback = 0x7f00_0001n

describe('IPv4', () => {
  it.each([
    ['127.0.0.1'],
    ['127.1'],
    ['127.0.1'],
    ['0x7f.0.0.1'],
    ['0x7f.1'],
    ['0177.0.0.01'],
    ['0177.1'],
    ['2130706433'],
    ['0x7f000001'],
    ['017700000001'],
    ['127.0.0.1.'],
    ['0x7F.0X0.0.1'],
    ['0000000000000000177.1'],
  ])('reads %s as the loopback address', (text) => {
    expect(parseIpAddress(text)).toEqual({ version: 4, value: loopback })
  })

  it.each([
    [''],
    ['.'],
    ['256.0.0.1'],
    ['1.2.3.4.5'],
    ['1.2.3.256'],
    ['4294967296'],
    ['1..2'],
    ['08.1'],
    ['a.b'],
    ['-1'],
  ])('takes %j for no address', (text) => {
    expect(parseIpAddress(text)).toBeUndefined()
  })

  it('agrees with the URL standard about every spelling that a URL may have', () => {
    const part = fc.nat(300).chain((n) => fc.constantFrom(String(n), `0x${n.toString(16)}`, `0${n.toString(8)}`))
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const text = parts.join('.')
        const url = URL.canParse(`http://${text}/`) ? new URL(`http://${text}/`).hostname : undefined
        const mine = parseIpAddress(text)
        expect(mine === undefined ? undefined : dotted(mine.value)).toBe(url)
      }),
      { numRuns: 500 },
    )
  })
})

describe('IPv6', () => {
  it.each([
    ['::', 0n],
    ['::1', 1n],
    ['[::1]', 1n],
    ['::1%lo', 1n],
    ['0:0:0:0:0:0:0:1', 1n],
    ['::0.0.0.1', 1n],
    ['::ffff:127.0.0.1', 0xffff_7f00_0001n],
    ['::FFFF:7F00:1', 0xffff_7f00_0001n],
    ['1::', 1n << 112n],
    ['[fe80::1%25eth0]', (0xfe80n << 112n) + 1n],
  ])('reads %s', (text, value) => {
    expect(parseIpAddress(text)).toEqual({ version: 6, value })
  })

  it.each([
    [':'],
    [':::'],
    ['1:2:3:4:5:6:7'],
    ['1:2:3:4:5:6:7:8:9'],
    ['1::2::3'],
    ['12345::'],
    ['::g'],
    ['::1.2.3'],
    ['::1.2.3.256'],
    ['1:2:3:4:5:6:7:1.2.3.4'],
    ['::0x7f.0.0.1'],
    ['1:2:3:4::5:6:7:8'],
  ])('takes %j for no address', (text) => {
    expect(parseIpAddress(text)).toBeUndefined()
  })

  it('agrees with node:net and the URL standard', () => {
    const spelled = fc.oneof(fc.ipV6(), fc.stringMatching(/^[0-9a-f:.]{2,20}$/))
    fc.assert(
      fc.property(spelled, (text) => {
        const mine = parseIpAddress(text)
        if (mine?.version === 4 || !text.includes(':')) return
        expect(mine !== undefined).toBe(isIP(text) === 6)
        if (mine === undefined) return
        const canonical = new URL(`http://[${text}]/`).hostname
        expect(parseIpAddress(canonical)).toEqual(mine)
      }),
      { numRuns: 1_000 },
    )
  })
})

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
}
