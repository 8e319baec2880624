import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classifyAddress } from './classify-address.ts'

describe('classifyAddress', () => {
  it.each([
    ['9.9.9.9', 'public'],
    ['172.15.255.255', 'public'],
    ['172.32.0.0', 'public'],
    ['100.63.255.255', 'public'],
    ['100.128.0.0', 'public'],
    ['198.17.255.255', 'public'],
    ['198.20.0.0', 'public'],
    ['223.255.255.255', 'public'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['10.0.0.0', 'private'],
    ['10.255.255.255', 'private'],
    ['100.64.0.1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['169.254.0.1', 'link-local'],
    ['169.254.169.254', 'cloud metadata'],
    ['169.254.170.2', 'cloud metadata'],
    ['100.100.100.200', 'cloud metadata'],
    ['168.63.129.16', 'cloud metadata'],
    ['172.16.0.1', 'private'],
    ['192.0.0.1', 'reserved'],
    ['192.0.2.1', 'documentation'],
    ['192.88.99.1', 'transition'],
    ['192.168.255.255', 'private'],
    ['198.18.0.1', 'reserved'],
    ['203.0.113.255', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::2', 'reserved'],
    ['::127.0.0.1', 'reserved'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:a9fe:a9fe', 'cloud metadata'],
    ['::ffff:9.9.9.9', 'public'],
    ['::ffff:0:127.0.0.1', 'reserved'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['64:ff9b::909:909', 'public'],
    ['64:ff9b:1::1', 'transition'],
    ['2001::1', 'transition'],
    ['2001:db8::1', 'documentation'],
    ['2001:10::1', 'reserved'],
    ['2001:4860:4860::8888', 'public'],
    ['2002:7f00:1::', 'transition'],
    ['2002:909:909::', 'transition'],
    ['2606:4700::1', 'public'],
    ['2606:4700::5efe:10.0.0.1', 'private'],
    ['2606:4700::200:5efe:9.9.9.9', 'public'],
    ['3fff::1', 'documentation'],
    ['4000::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['100::1', 'reserved'],
    ['fc00::1', 'private'],
    ['fdff::1', 'private'],
    ['fd00:ec2::254', 'cloud metadata'],
    ['fe80::1%eth0', 'link-local'],
    ['febf::1', 'link-local'],
    ['fec0::1', 'private'],
    ['ff02::1', 'multicast'],
    ['example.com', 'invalid'],
    ['', 'invalid'],
  ])('%s is %s', (address, kind) => {
    expect(classifyAddress(address)).toBe(kind)
  })

  it('calls nothing public that the registries list (node:net as the second opinion)', () => {
    const listed = new BlockList()
    for (const [network, length] of [
      ['0.0.0.0', 8],
      ['10.0.0.0', 8],
      ['100.64.0.0', 10],
      ['127.0.0.0', 8],
      ['169.254.0.0', 16],
      ['172.16.0.0', 12],
      ['192.0.0.0', 24],
      ['192.0.2.0', 24],
      ['192.168.0.0', 16],
      ['198.18.0.0', 15],
      ['198.51.100.0', 24],
      ['203.0.113.0', 24],
      ['224.0.0.0', 3],
    ] as const)
      listed.addSubnet(network, length, 'ipv4')
    const nearLists = fc.tuple(fc.constantFrom(10, 100, 127, 169, 172, 192, 198, 203, 224, 9), byte(), byte(), byte())
    const anywhere = fc.tuple(byte(), byte(), byte(), byte())
    const others = new Set(['192.31.196', '192.52.193', '192.88.99', '192.175.48', '168.63.129'])
    fc.assert(
      fc.property(fc.oneof(nearLists, anywhere), (bytes) => {
        const address = bytes.join('.')
        if (others.has(bytes.slice(0, 3).join('.'))) return
        expect(classifyAddress(address) === 'public').toBe(!listed.check(address, 'ipv4'))
      }),
      { numRuns: 2_000 },
    )
  })

  it('sees the IPv4 address behind every way of writing it as IPv6', () => {
    fc.assert(
      fc.property(byte(), byte(), byte(), byte(), (a, b, c, d) => {
        const address = `${a}.${b}.${c}.${d}`
        const groups = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        const kind = classifyAddress(address)
        for (const prefix of ['::ffff:', '0:0:0:0:0:FFFF:', '64:ff9b::', '[::ffff:']) {
          const end = prefix.startsWith('[') ? ']' : ''
          expect(classifyAddress(`${prefix}${address}${end}`)).toBe(kind)
          expect(classifyAddress(`${prefix}${groups}${end}`)).toBe(kind)
        }
        for (const prefix of ['2002:', '2001:0:', '64:ff9b:1::', '::ffff:0:'])
          expect(classifyAddress(`${prefix}${groups}${prefix.includes('::') ? '' : '::'}`)).not.toBe('public')
      }),
      { numRuns: 200 },
    )
  })

  it('gives every spelling of an IPv4 address the same kind', () => {
    fc.assert(
      fc.property(byte(), byte(), byte(), byte(), (a, b, c, d) => {
        const number = ((a * 256 + b) * 256 + c) * 256 + d
        const spellings = [
          String(number),
          `0x${number.toString(16)}`,
          `0${number.toString(8)}`,
          `0x${a.toString(16)}.0${b.toString(8)}.${c * 256 + d}`,
          `${a}.${(b * 256 + c) * 256 + d}`,
        ]
        const kind = classifyAddress(`${a}.${b}.${c}.${d}`)
        for (const text of spellings) expect(classifyAddress(text)).toBe(kind)
      }),
      { numRuns: 200 },
    )
  })
})

function byte() {
  return fc.nat(255)
}
