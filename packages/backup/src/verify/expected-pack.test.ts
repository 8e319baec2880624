import { describe, expect, it } from 'vitest'
import type { PackedBlob } from '../repository/index.ts'
import { compareHeader } from './expected-pack.ts'

const blob = (value: number, rest: Partial<PackedBlob> = {}): PackedBlob => ({
  type: 'data',
  id: String(value).padStart(64, '0'),
  offset: value * 100,
  length: 100,
  uncompressedLength: undefined,
  ...rest,
})

describe('a header beside its index', () => {
  const blobs = [blob(0), blob(1), blob(2)]
  const differs = (header: readonly PackedBlob[]): boolean => compareHeader('ab', header, blobs).length > 0

  it('may be in another order, and list more', () => {
    expect(differs(blobs)).toBe(false)
    expect(differs([blob(2), blob(0), blob(1)])).toBe(false)
    expect(differs([blob(0), blob(1), blob(2), blob(3)])).toBe(false)
    expect(differs([blob(0, { uncompressedLength: 0 }), blob(1), blob(2)])).toBe(false)
  })

  it.each<[string, readonly PackedBlob[]]>([
    ['nothing', []],
    ['one less', [blob(0), blob(1)]],
    ['one twice in place of another', [blob(0), blob(1), blob(1)]],
    ['another id', [blob(0), blob(1), blob(2, { id: 'f'.repeat(64) })]],
    ['another kind', [blob(0, { type: 'tree' }), blob(1), blob(2)]],
    ['another place', [blob(0), blob(1, { offset: 101 }), blob(2)]],
    ['another length', [blob(0), blob(1, { length: 99 }), blob(2)]],
    ['another content length', [blob(0), blob(1), blob(2, { uncompressedLength: 7 })]],
  ])('is a problem when it lists %s', (_what, header) => expect(differs(header)).toBe(true))
})
