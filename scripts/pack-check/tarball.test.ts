import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readTarball } from './tarball.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'exprsn-tarball-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** Packed by the system's tar, which we did not write. */
function packed(files: Readonly<Record<string, string>>): Buffer {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'package', path)), { recursive: true })
    writeFileSync(join(folder, 'package', path), text)
  }
  execFileSync('tar', ['--format=ustar', '-czf', 'package.tgz', 'package'], { cwd: folder })
  return readFileSync(join(folder, 'package.tgz'))
}

describe('readTarball', () => {
  it('reads files of every size around a block, and none of the folders', () => {
    const files = {
      'package.json': '{}',
      empty: '',
      'a/511': 'x'.repeat(511),
      'a/512': 'y'.repeat(512),
      'a/513': 'ü'.repeat(513),
    }
    const read = readTarball(packed(files))
    expect(Object.fromEntries([...read].map(([path, bytes]) => [path, bytes.toString()]))).toEqual(files)
  })

  it('joins the two halves of a long path', () => {
    const path = `${'folder/'.repeat(20)}${'n'.repeat(60)}.ts`
    expect([...readTarball(packed({ [path]: 'text' })).keys()]).toEqual([path])
  })

  it('refuses links, which npm would not unpack', () => {
    mkdirSync(join(folder, 'package'))
    symlinkSync('/etc/passwd', join(folder, 'package/link'))
    const tarball = packed({})
    expect(() => readTarball(tarball)).toThrow('The tarball has an entry of type "2" at package/link.')
  })
})
