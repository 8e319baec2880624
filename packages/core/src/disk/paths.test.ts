import fc from 'fast-check'
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { displayPath, entryName, joinPath, parentPath } from './paths.ts'

describe('joinPath', () => {
  it('puts one slash between', () => {
    expect(joinPath('/data', 'file')).toBe('/data/file')
    expect(joinPath('/data/', 'file')).toBe('/data/file')
    expect(joinPath('/', 'file')).toBe('/file')
    expect(joinPath('', 'file')).toBe('file')
  })

  it('is bytes when a part is', () => {
    expect(joinPath('/d', Uint8Array.of(0xff))).toEqual(Uint8Array.of(0x2f, 0x64, 0x2f, 0xff))
    expect(joinPath(Uint8Array.of(0x2f), 'd')).toEqual(Uint8Array.of(0x2f, 0x64))
    expect(joinPath(Uint8Array.of(), 'd')).toEqual(Uint8Array.of(0x64))
  })
})

describe('parentPath', () => {
  it('is what dirname says', () => {
    const path = fc.stringMatching(/^\/?([ab.]{1,3}\/?){1,4}$/)
    fc.assert(
      fc.property(path, (some) => {
        expect(parentPath(some)).toBe(posix.dirname(some))
      }),
      { numRuns: 200 },
    )
  })

  it('stays bytes where it must', () => {
    expect(parentPath(Uint8Array.of(0x2f, 0xff, 0x2f, 0x61))).toEqual(Uint8Array.of(0x2f, 0xff))
    expect(parentPath(Uint8Array.of(0x2f, 0xff))).toBe('/')
  })
})

describe('entryName and displayPath', () => {
  it('prefer the bytes, and show text', () => {
    const raw = Uint8Array.of(0xff)
    expect(entryName({ name: '\ufffd', rawName: raw, kind: 'file' })).toBe(raw)
    expect(entryName({ name: 'plain', kind: 'file' })).toBe('plain')
    expect(displayPath(raw)).toBe('\ufffd')
  })
})
