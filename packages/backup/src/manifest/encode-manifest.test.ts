import { describe, expect, it } from 'vitest'
import { encodeManifest } from './encode-manifest.ts'
import { parseManifest, type BackupManifest } from './parse-manifest.ts'

const manifest: BackupManifest = {
  version: 2,
  systemIdentifier: 18_446_744_073_709_551_615n,
  files: [
    {
      path: 'base/5/16384',
      size: 8_192,
      modifiedAt: 1_763_635_267,
      checksum: { algorithm: 'CRC32C', hex: '00a7b6d5' },
    },
    { path: 'a "quoted" näme\n', size: 0, modifiedAt: 0, checksum: { algorithm: 'SHA256', hex: 'ab'.repeat(32) } },
    { path: 'without a checksum', size: 2 ** 40, modifiedAt: 1 },
  ],
  walRanges: [{ timeline: 3, start: 0x1_0000_0028n, end: 0x1_0000_0100n }],
}

describe('encodeManifest', () => {
  it('writes what is read again', () => {
    expect(parseManifest(encodeManifest(manifest))).toEqual(manifest)
  })

  it('names the cluster from version 2 on only', () => {
    const first = { ...manifest, version: 1 as const }
    expect(Buffer.from(encodeManifest(first)).toString()).not.toContain('System-Identifier')
    expect(parseManifest(encodeManifest(first))).toEqual({ ...first, systemIdentifier: undefined })
  })
})
