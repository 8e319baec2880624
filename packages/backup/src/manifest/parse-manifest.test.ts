import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { ExprsnError } from '@exprsn/core'
import { describe, expect, it } from 'vitest'
import { startChecksum } from './checksum.ts'
import { parseManifest } from './parse-manifest.ts'

const file = (fields: object = {}) => ({
  Path: 'base/1/2',
  Size: 8_192,
  'Last-Modified': '2026-11-20 10:41:07 GMT',
  'Checksum-Algorithm': 'CRC32C',
  Checksum: 'c8a7b6d5',
  ...fields,
})
const range = (fields: object = {}) => ({ Timeline: 1, 'Start-LSN': '0/2000028', 'End-LSN': '0/2000100', ...fields })

interface Parts {
  version?: unknown
  system?: string
  files?: unknown
  ranges?: unknown
}

/** A manifest as PostgreSQL lays it out, with its own checksum. */
function manifest({ version = 1, system, files = [file()], ranges = [range()] }: Parts = {}): Buffer {
  const identifier = system === undefined ? '' : `"System-Identifier": ${system},\n`
  const body =
    `{ "PostgreSQL-Backup-Manifest-Version": ${JSON.stringify(version)},\n${identifier}` +
    `"Files": ${JSON.stringify(files)},\n"WAL-Ranges": ${JSON.stringify(ranges)},\n`
  const digest = createHash('sha256').update(body).digest('hex')
  return Buffer.from(`${body}"Manifest-Checksum": "${digest}"}\n`)
}

function codeOf(bytes: Uint8Array): string {
  try {
    parseManifest(bytes)
  } catch (error) {
    if (ExprsnError.is(error)) return error.code
    throw error
  }
  return 'none'
}

describe('parseManifest', () => {
  it('reads version 1', () => {
    expect(parseManifest(manifest())).toEqual({
      version: 1,
      systemIdentifier: undefined,
      files: [
        {
          path: 'base/1/2',
          size: 8_192,
          modifiedAt: Date.UTC(2026, 10, 20, 10, 41, 7) / 1_000,
          checksum: { algorithm: 'CRC32C', hex: 'c8a7b6d5' },
        },
      ],
      walRanges: [{ timeline: 1, start: 0x2000028n, end: 0x2000100n }],
    })
  })

  it('reads version 2 with a system identifier beyond the precision of a number', () => {
    expect(parseManifest(manifest({ version: 2, system: '7568921740993654321' })).systemIdentifier).toBe(
      7568921740993654321n,
    )
    expect(codeOf(manifest({ version: 2 }))).toBe('BACKUP_MANIFEST_INVALID')
  })

  it('reads encoded paths and files without checksums', () => {
    const encoded = file({
      Path: undefined,
      'Last-Modified': '2026-99-20 10:41:07 GMT',
      'Encoded-Path': Buffer.from('ünï').toString('hex'),
    })
    const plain = { Path: 'a', Size: 0 }
    expect(parseManifest(manifest({ files: [encoded, plain] })).files).toEqual([
      { path: 'ünï', size: 8_192, modifiedAt: undefined, checksum: { algorithm: 'CRC32C', hex: 'c8a7b6d5' } },
      { path: 'a', size: 0, modifiedAt: undefined, checksum: undefined },
    ])
  })

  it.each([
    ['another version', { version: 3 }],
    ['a version that is text', { version: '1' }],
    ['files that are no list', { files: {} }],
    ['a file that is no object', { files: [1] }],
    ['a path outside', { files: [file({ Path: '../../etc/passwd' })] }],
    ['an absolute path', { files: [file({ Path: '/etc/passwd' })] }],
    ['an empty path', { files: [file({ Path: '.' })] }],
    ['no path', { files: [file({ Path: undefined })] }],
    ['a file twice', { files: [file(), file()] }],
    ['an encoded path that is not hexadecimal', { files: [file({ 'Encoded-Path': 'zz' })] }],
    ['an encoded path that is not UTF-8', { files: [file({ 'Encoded-Path': 'ff' })] }],
    ['a negative size', { files: [file({ Size: -1 })] }],
    ['a size beyond precision', { files: [file({ Size: 2 ** 60 })] }],
    ['an unknown algorithm', { files: [file({ 'Checksum-Algorithm': 'constructor' })] }],
    ['a checksum of the wrong length', { files: [file({ Checksum: 'c8' })] }],
    ['a checksum without algorithm', { files: [file({ 'Checksum-Algorithm': undefined })] }],
    ['a range that ends before it starts', { ranges: [range({ 'End-LSN': '0/1' })] }],
    ['a range without timeline', { ranges: [range({ Timeline: 0 })] }],
    ['a position that is none', { ranges: [range({ 'Start-LSN': 'x' })] }],
    ['a range that is no object', { ranges: [null] }],
  ])('refuses %s', (_, parts) => {
    expect(codeOf(manifest(parts))).toBe('BACKUP_MANIFEST_INVALID')
  })

  it('refuses what is not JSON, not an object, not UTF-8', () => {
    for (const bytes of ['', '{', '[]', 'null', '"x"'])
      expect(codeOf(Buffer.from(bytes))).toBe('BACKUP_MANIFEST_INVALID')
    expect(codeOf(Buffer.from([0xff, 0xfe]))).toBe('BACKUP_MANIFEST_INVALID')
  })

  it('notices every changed byte', () => {
    const bytes = manifest()
    for (let offset = 0; offset < bytes.length - 1; offset++) {
      const copy = Buffer.from(bytes)
      copy[offset] = copy[offset]! ^ 1
      // Letters of the checksum itself may change their case and nothing else.
      expect(codeOf(copy), `byte ${offset}`).not.toBe('none')
    }
  })

  it('answers 5,000 mutated documents with typed errors and never touches a prototype', () => {
    const awkward = fc.constantFrom(null, -1, 1e300, '', '../x', '__proto__', [], {}, true, '0/0', 'a'.repeat(300))
    const key = fc.constantFrom('Path', 'Size', 'Checksum', 'Checksum-Algorithm', 'Encoded-Path', '__proto__')
    fc.assert(
      fc.property(
        fc.dictionary(key, awkward),
        fc.dictionary(fc.constantFrom('Timeline', 'Start-LSN', 'End-LSN'), awkward),
        fc.option(awkward),
        (fields, ends, instead) => {
          const parts = { files: instead ?? [file(fields)], ranges: [range(ends)] }
          expect(['none', 'BACKUP_MANIFEST_INVALID']).toContain(codeOf(manifest(parts)))
        },
      ),
      { numRuns: 5_000 },
    )
    expect(({} as Record<string, unknown>)['Path']).toBeUndefined()
  })
})

describe('startChecksum', () => {
  it('writes a CRC32C with its bytes in the order of the server', () => {
    const running = startChecksum('CRC32C')
    running.update(Buffer.from('1234'))
    running.update(Buffer.from('56789'))
    expect(running.hex()).toBe('839206e3')
  })

  it.each(['SHA224', 'SHA256', 'SHA384', 'SHA512'] as const)('knows %s', (algorithm) => {
    const running = startChecksum(algorithm)
    running.update(Buffer.from('abc'))
    expect(running.hex()).toBe(createHash(algorithm.toLowerCase()).update('abc').digest('hex'))
  })
})
