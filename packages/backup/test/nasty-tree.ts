import { joinPath, systemDisk, type DiskPath } from '@exprsn/core/disk'
import { loadPosixCalls } from '@exprsn/core/drivers/posix'
import { SeededRandom } from '@exprsn/core/testing'
import { execFileSync } from 'node:child_process'

const isRoot = process.getuid?.() === 0

/**
 * A folder with everything that file systems have and backups get wrong: odd names and times, hard and symbolic links,
 * special modes, attributes, holes, FIFOs and (as root) devices and foreign owners.
 */
export async function makeNastyTree(root: string): Promise<void> {
  const disk = systemDisk
  const posix = await loadPosixCalls()
  const random = new SeededRandom(11)
  const write = async (path: DiskPath, content: Uint8Array, permissions = 0o644): Promise<void> => {
    const file = await disk.open(path, 'create-new', { permissions })
    await file.write(content, 0)
    await file.close()
  }
  const at = (name: DiskPath): DiskPath => joinPath(root, name)
  await disk.makeFolder(at('empty folder'))
  await disk.makeFolder(at('deep/er/and/deeper'))
  await write(at('deep/er/and/deeper/file'), Buffer.from('deep'))
  await write(at('empty'), new Uint8Array())
  await write(at('big'), random.bytes(5_000_000))
  await write(at('text'), Buffer.from('the same line again\n'.repeat(100_000)))
  await write(at('same'), Buffer.from('the same line again\n'.repeat(100_000)))
  for (const name of [
    'quote"back\\slash',
    'tab\there',
    'new\nline',
    '<&>',
    'line\u2028separator',
    'ünï·cødé 🗂',
    ' space ',
  ])
    await write(at(name), Buffer.from(name))
  await write(at(Uint8Array.of(0xff, 0xfe, 0x61)), Buffer.from('not UTF-8'))
  await disk.makeFolder(at(Uint8Array.of(0xc3, 0x28)))
  await write(joinPath(at(Uint8Array.of(0xc3, 0x28)), 'within'), Buffer.from('within'))
  await disk.link(at('text'), at('hard link'))
  await disk.link(at('text'), at('deep/hard link'))
  await disk.symlink('text', at('link'))
  await disk.symlink('/nowhere/at all', at('dangling'))
  await disk.symlink('..', at('deep/up'))
  const sparse = await disk.open(at('sparse'), 'create-new')
  await sparse.write(Buffer.from('begin'), 0)
  await sparse.write(Buffer.from('middle'), 20_000_000)
  await sparse.truncate(40_000_000)
  await sparse.close()
  for (const [name, mode] of [
    ['setuid', 0o4755],
    ['setgid', 0o2755],
    ['sticky', 0o1777],
    ['closed', 0o000],
  ] as const) {
    await write(at(name), Buffer.from(name))
    await disk.setMode(at(name), mode)
  }
  if (posix !== undefined) {
    posix.setExtendedAttribute(at('text'), { name: 'user.origin', value: Buffer.from('here & there') })
    posix.setExtendedAttribute(at('deep'), { name: 'user.bytes', value: random.bytes(40) })
    posix.makeNode(at('fifo'), { kind: 'fifo', mode: 0o640 })
  }
  if (isRoot) {
    execFileSync('mknod', [`${root}/null`, 'c', '1', '3'])
    execFileSync('mknod', [`${root}/loop`, 'b', '7', '200'])
    await disk.setOwner(at('empty'), 12_345, 54_321)
    await disk.setOwner(at('link'), 65_534, 65_534)
  }
  const times = [
    ['1969', -31_536_000_123_456_789n],
    ['2446', 15_032_385_535_999_999_999n],
    ['nanoseconds', 1_600_000_000_000_000_001n],
  ] as const
  for (const [name, modifiedAt] of times) {
    await write(at(name), Buffer.from(name))
    const set = { accessedAt: modifiedAt, modifiedAt }
    if (posix === undefined) await disk.setTimes(at(name), set)
    else posix.setTimes(at(name), set)
  }
  posix?.setTimes(at('empty folder'), { accessedAt: 1n, modifiedAt: 1_500_000_000_987_654_321n })
  posix?.setTimes(at('dangling'), { accessedAt: 1n, modifiedAt: 1_500_000_000_000_000_007n })
}

/** All facts about a tree that a restore must bring back, one line per entry, sorted; sums of the files' content included. */
export function listing(root: string): string {
  const script = `find . -mindepth 1 -printf '%P|%y|%m|%U|%G|%T@|%l|%n\\n' | LC_ALL=C sort; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum`
  return execFileSync('sh', ['-c', script], { cwd: root, encoding: 'latin1' })
}
