import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DiskEntry } from '../disk.ts'
import { entryName } from '../paths.ts'
import { entries, entriesSync, namesSync } from './entries.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'exprsn-entries-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

// Elsewhere no name can be anything but text.
describe.runIf(process.platform === 'linux')('names in a folder', () => {
  it.each([
    ['text', ['a', 'é', '名'], []],
    ['text that holds what stands for bytes', ['a', '\ufffd'], []],
    ['bytes, beside text', ['a', 'é', '\ufffd'], [[0xff], [0x61, 0xc3]]],
  ])('are the same read at once and one after the other: %s', async (_, texts, bytes) => {
    for (const name of texts) writeFileSync(join(folder, name), '')
    for (const name of bytes) writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]), '')
    const named = (found: readonly DiskEntry[]) =>
      found.map(({ name, rawName }) => Buffer.from(rawName ?? Buffer.from(name)).toString('hex')).toSorted()
    const expected = [...texts.map((name) => Buffer.from(name)), ...bytes.map((name) => Buffer.from(name))]
    const atOnce = entriesSync(folder)
    expect(named(atOnce)).toEqual(expected.map((name) => name.toString('hex')).toSorted())
    const oneByOne: DiskEntry[] = []
    for await (const entry of entries(folder)) oneByOne.push(entry)
    expect(new Set(atOnce)).toEqual(new Set(oneByOne))
    expect(atOnce.filter(({ rawName }) => rawName !== undefined)).toHaveLength(bytes.length)
    expect(new Set(namesSync(folder))).toEqual(new Set(atOnce.map(entryName)))
  })
})
