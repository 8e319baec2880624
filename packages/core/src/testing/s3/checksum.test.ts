import { describe, expect, it } from 'vitest'
import { checksumAlgorithm, checksumOf, verifyChecksum } from './checksum.ts'

const digits = Buffer.from('123456789')

describe('checksumOf', () => {
  it('gives the published check values of "123456789"', () => {
    const hex = (algorithm: string): string =>
      Buffer.from(checksumOf(checksumAlgorithm(algorithm), digits).value, 'base64').toString('hex')
    expect(hex('CRC32')).toBe('cbf43926')
    expect(hex('CRC32C')).toBe('e3069283')
    expect(hex('CRC64NVME')).toBe('ae8b14860a799888')
    expect(hex('SHA1')).toBe('f7c3bc1d808e04732adf679965ccc34ca7ae3441')
    expect(hex('SHA256')).toBe('15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225')
    expect(() => checksumAlgorithm('MD5')).toThrow(/unsupported/)
  })
})

describe('verifyChecksum', () => {
  const good = checksumOf('crc32', digits).value

  it('accepts what fits and finds what does not', () => {
    expect(verifyChecksum({}, digits)).toBeUndefined()
    expect(verifyChecksum({ 'x-amz-checksum-crc32': good }, digits)).toEqual({ algorithm: 'crc32', value: good })
    expect(verifyChecksum({ 'content-md5': 'JfnnlDI7RTiF9RgfG2JNCw==' }, digits)).toBeUndefined()
    const cases: readonly [Record<string, string>, string][] = [
      [{ 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
      [{ 'content-md5': 'JfnnlDI7RTiF9RgfG2JNCA==' }, 'BadDigest'],
      [{ 'content-md5': 'short' }, 'InvalidDigest'],
      [{ 'x-amz-checksum-crc32': good, 'x-amz-checksum-sha1': 'x' }, 'InvalidRequest'],
      [{ 'x-amz-sdk-checksum-algorithm': 'CRC32' }, 'InvalidRequest'],
      [{ 'x-amz-sdk-checksum-algorithm': 'SHA1', 'x-amz-checksum-crc32': good }, 'InvalidRequest'],
    ]
    for (const [headers, code] of cases)
      expect(() => verifyChecksum(headers, digits)).toThrow(expect.objectContaining({ code }))
  })
})
