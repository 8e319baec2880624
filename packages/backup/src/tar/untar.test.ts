import fc from 'fast-check'
import { ExprsnError } from '@exprsn/core'
import { describe, expect, it } from 'vitest'
import { makeTar, paxRecord, seal, type TarMember } from '../../test/make-tar.ts'
import { createUntar, type TarEntry } from './untar.ts'

interface Unpacked extends TarEntry {
  content: string
}

function unpack(archive: Uint8Array, cuts: readonly number[] = []): Unpacked[] {
  const found: Unpacked[] = []
  let ended = 0
  const untar = createUntar({
    onEntry: (entry) => found.push({ ...entry, content: '' }),
    onData: (bytes) => (found.at(-1)!.content += Buffer.from(bytes).toString('latin1')),
    onFileEnd: () => ended++,
  })
  let from = 0
  for (const cut of [...cuts, archive.length]) {
    untar.write(archive.subarray(from, Math.max(from, cut)))
    from = Math.max(from, cut)
  }
  untar.end()
  expect(ended).toBe(found.filter((entry) => entry.kind === 'file').length)
  return found
}

function codeOf(archive: Uint8Array): string {
  try {
    unpack(archive)
  } catch (error) {
    if (ExprsnError.is(error)) return error.code
    throw error
  }
  return 'none'
}

describe('createUntar', () => {
  it('reads files, folders and links with their facts', () => {
    const archive = makeTar([
      { name: 'base/', type: '5' },
      { name: 'base/1', content: 'hello' },
      { name: 'empty' },
      { name: 'link', type: '2', target: 'base/1' },
    ])
    expect(unpack(archive)).toEqual([
      { kind: 'folder', path: 'base', size: 0, mode: 0o640, modifiedAt: 0o14524770145, target: '', content: '' },
      { kind: 'file', path: 'base/1', size: 5, mode: 0o640, modifiedAt: 0o14524770145, target: '', content: 'hello' },
      { kind: 'file', path: 'empty', size: 0, mode: 0o640, modifiedAt: 0o14524770145, target: '', content: '' },
      { kind: 'symlink', path: 'link', size: 0, mode: 0o640, modifiedAt: 0o14524770145, target: 'base/1', content: '' },
    ])
  })

  it('gives the same entries wherever the stream is cut', () => {
    const members: TarMember[] = [
      { name: 'a', content: 'x'.repeat(511) },
      { name: 'b', content: 'y'.repeat(512) },
      { name: 'c', content: 'z'.repeat(1_300) },
      { name: '././@LongLink', type: 'L', content: `${'deep/'.repeat(40)}name\0` },
      { name: 'short', content: 'long named' },
    ]
    const archive = makeTar(members)
    const whole = unpack(archive)
    expect(whole.at(-1)).toMatchObject({ path: `${'deep/'.repeat(40)}name`, content: 'long named' })
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: archive.length }), { maxLength: 60 }), (cuts) => {
        expect(
          unpack(
            archive,
            cuts.sort((a, b) => a - b),
          ),
        ).toEqual(whole)
      }),
      { numRuns: 200 },
    )
  })

  it('takes an archive without closing blocks, as PostgreSQL sends it, and ignores what follows them', () => {
    expect(unpack(makeTar([{ name: 'a', content: 'b' }], { closed: false }))).toHaveLength(1)
    const trailing = Buffer.concat([makeTar([{ name: 'a' }]), Buffer.alloc(3_000, 7)])
    expect(unpack(trailing)).toHaveLength(1)
  })

  it('reads sizes in base 256, prefixes, and extended headers', () => {
    const archive = makeTar([
      { name: 'big', content: 'four', base256: true },
      { name: 'file', prefix: 'some/where', content: '1' },
      { name: 'global', type: 'g', content: paxRecord('comment', 'nothing') },
      {
        name: 'x',
        type: 'x',
        content: paxRecord('path', 'päth/é') + paxRecord('size', '3') + paxRecord('mtime', '1.5'),
      },
      { name: 'ignored', content: 'abc', size: 3 },
      { name: 'K', type: 'K', content: 'far/away\0' },
      { name: 'link', type: '2', target: 'near' },
      { name: 'x', type: 'x', content: paxRecord('linkpath', 'pax/target') },
      { name: 'link2', type: '2', target: 'near' },
      { name: 'plain', content: 'p', type: '\0' },
    ])
    expect(unpack(archive).map(({ path, content, target }) => [path, content, target])).toEqual([
      ['big', 'four', ''],
      ['some/where/file', '1', ''],
      ['päth/é', 'abc', ''],
      ['link', '', 'far/away'],
      ['link2', '', 'pax/target'],
      ['plain', 'p', ''],
    ])
  })

  it.each([['/etc/passwd'], ['../outside'], ['a/../../outside'], ['a/..'], ['a\\..\\b']])(
    'refuses the path %s',
    (name) => {
      expect(codeOf(makeTar([{ name, content: 'x' }]))).toBe('BACKUP_TAR_UNSAFE_PATH')
    },
  )

  it('refuses to write through a link of the archive itself', () => {
    const link: TarMember = { name: 'pg_wal', type: '2', target: '/etc' }
    expect(codeOf(makeTar([link, { name: 'pg_wal/passwd', content: 'x' }]))).toBe('BACKUP_TAR_UNSAFE_PATH')
    expect(codeOf(makeTar([link, { name: 'pg_wal', content: 'x' }]))).toBe('BACKUP_TAR_UNSAFE_PATH')
    expect(codeOf(makeTar([link, { name: 'pg_walled/passwd', content: 'x' }]))).toBe('none')
  })

  it('names what it cannot unpack', () => {
    expect(codeOf(makeTar([{ name: 'device', type: '3' }]))).toBe('BACKUP_TAR_UNSUPPORTED')
    expect(codeOf(makeTar([{ name: 'hard', type: '1', target: 'a' }]))).toBe('BACKUP_TAR_UNSUPPORTED')
    expect(codeOf(makeTar([{ name: '', content: 'x' }]))).toBe('BACKUP_TAR_INVALID')
    expect(codeOf(makeTar([{ name: 'folder', type: '5', content: 'x' }]))).toBe('BACKUP_TAR_INVALID')
    expect(codeOf(makeTar([{ name: './', type: '5' }]))).toBe('none')
  })

  it.each([
    ['a length that is no number', 'xx path=a\n'],
    ['a length past the end', '99 path=a\n'],
    ['a length without end of line', '9 path=ab'],
    ['no equals sign', '8 path\n\n'],
    ['a size that is no number', paxRecord('size', 'many')],
    ['no space', '123456'],
    ['a zero length', '0 path=a\n'],
  ])('refuses an extended header with %s', (_, content) => {
    expect(codeOf(makeTar([{ name: 'x', type: 'x', content }, { name: 'a' }]))).toBe('BACKUP_TAR_INVALID')
  })

  it('finds a damaged header by its checksum and says where', () => {
    const archive = makeTar([{ name: 'a', content: 'x' }, { name: 'b' }])
    archive[1024] = 0x63
    expect(() => unpack(archive)).toThrow('damaged at byte 1024')
  })

  it('refuses numbers and names that are not valid', () => {
    const damaged = (change: (block: Buffer) => void): string => {
      const archive = Buffer.from(makeTar([{ name: 'a', content: 'x' }]))
      change(archive.subarray(0, 512))
      seal(archive.subarray(0, 512))
      return codeOf(archive)
    }
    expect(damaged((block) => block.write('not octal', 124))).toBe('BACKUP_TAR_INVALID')
    expect(damaged((block) => block.fill(0xff, 124, 136))).toBe('BACKUP_TAR_INVALID')
    expect(damaged((block) => block.fill(0xc3, 0, 2))).toBe('BACKUP_TAR_INVALID')
    expect(damaged((block) => block.fill(0x41, 345, 500))).toBe('none')
  })

  it('refuses an extended header that would fill the memory', () => {
    expect(codeOf(makeTar([{ name: 'x', type: 'x', size: 2 ** 33 - 1 }]))).toBe('BACKUP_TAR_INVALID')
  })

  it('tells where a stream was cut', () => {
    const archive = makeTar([{ name: 'a', content: 'x'.repeat(600) }])
    for (const [length, what] of [
      [100, 'a header'],
      [700, 'a file'],
      [1_200, 'the padding'],
    ] as const)
      expect(() => unpack(archive.subarray(0, length))).toThrow(what)
  })

  it('answers 5,000 damaged archives with typed errors only', () => {
    const archive = makeTar([
      { name: 'a', content: 'x'.repeat(700) },
      { name: 'x', type: 'x', content: paxRecord('path', 'long') },
      { name: 'b', content: 'y' },
      { name: 'l', type: '2', target: 'a' },
    ])
    const headers = [0, 1_536, 2_560, 3_584]
    let refused = 0
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(archive.length),
        fc.boolean(),
        (changes, length, keepChecksums) => {
          const copy = Buffer.from(archive)
          for (const [offset, byte] of changes) copy[offset] = byte
          // With valid checksums the damage reaches the parser behind them.
          if (keepChecksums) for (const offset of headers) seal(copy.subarray(offset, offset + 512))
          if (codeOf(copy.subarray(0, length)) !== 'none') refused++
        },
      ),
      { numRuns: 5_000 },
    )
    expect(refused).toBeGreaterThan(1_000)
  })
})
