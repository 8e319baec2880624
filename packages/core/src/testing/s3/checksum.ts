import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { crc32c } from '../../bytes/index.ts'
import { S3Refusal } from './s3-refusal.ts'
import { crc64nvme } from './crc64nvme.ts'

const algorithms = {
  crc32: (bytes: Uint8Array) => bigEndian(BigInt(crc32(bytes)), 4),
  crc32c: (bytes: Uint8Array) => bigEndian(BigInt(crc32c(bytes)), 4),
  crc64nvme: (bytes: Uint8Array) => bigEndian(crc64nvme(bytes), 8),
  sha1: (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('base64'),
  sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64'),
} as const

/** An algorithm of `x-amz-checksum-…` (Amazon S3 User Guide, "Checking object integrity in Amazon S3"). */
export type ChecksumAlgorithm = keyof typeof algorithms

/** A checksum in base64, as it travels. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm
  readonly value: string
}

const names = Object.keys(algorithms) as ChecksumAlgorithm[]

/** The checksum of some bytes. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Checksum {
  return { algorithm, value: algorithms[algorithm](bytes) }
}

/** An algorithm by the name that requests use, `CRC32`. */
export function checksumAlgorithm(name: string): ChecksumAlgorithm {
  const known = names.find((algorithm) => algorithm === name.toLowerCase())
  if (known === undefined) throw new S3Refusal('InvalidRequest', 'Checksum algorithm provided is unsupported.')
  return known
}

/**
 * Checks a body against the checksum that its headers or trailers carry, and against `Content-MD5`. More than one
 * checksum, an announced one that is missing, and a wrong one are refused.
 */
export function verifyChecksum(headers: Readonly<Record<string, string>>, body: Uint8Array): Checksum | undefined {
  verifyMd5(headers['content-md5'], body)
  const sent = names.filter((name) => headers[`x-amz-checksum-${name}`] !== undefined)
  if (sent.length > 1)
    throw new S3Refusal(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum types are not allowed.',
    )
  const announced = headers['x-amz-sdk-checksum-algorithm']
  const [algorithm] = sent
  if (algorithm === undefined) {
    if (announced !== undefined)
      throw new S3Refusal(
        'InvalidRequest',
        'x-amz-sdk-checksum-algorithm specified, but no corresponding header found.',
      )
    return undefined
  }
  if (announced !== undefined && checksumAlgorithm(announced) !== algorithm)
    throw new S3Refusal('InvalidRequest', 'Value for x-amz-sdk-checksum-algorithm header is invalid.')
  const checksum = checksumOf(algorithm, body)
  if (checksum.value !== headers[`x-amz-checksum-${algorithm}`]) throw new S3Refusal('BadDigest')
  return checksum
}

function verifyMd5(sent: string | undefined, body: Uint8Array): void {
  if (sent === undefined) return
  if (Buffer.from(sent, 'base64').length !== 16) throw new S3Refusal('InvalidDigest')
  if (createHash('md5').update(body).digest('base64') !== sent) throw new S3Refusal('BadDigest')
}

function bigEndian(value: bigint, length: number): string {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex').toString('base64')
}
