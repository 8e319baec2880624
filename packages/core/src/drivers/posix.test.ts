import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTemporaryFolder } from '../disk/make-temporary-folder.ts'
import { removeTree } from '../disk/remove-tree.ts'
import { systemDisk } from '../disk/system-disk.ts'
import { loadPosixCalls } from './posix.ts'

const loaded = process.platform === 'linux' ? await loadPosixCalls() : undefined
const isRoot = process.getuid?.() === 0

let folder: string
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

async function newFile(name = 'file'): Promise<string> {
  const path = `${folder}/${name}`
  await (await systemDisk.open(path, 'create')).close()
  return path
}

// Only Linux has these calls here; elsewhere the test below holds.
describe.runIf(process.platform === 'linux')('the calls of Linux', () => {
  const posix = loaded!

  it('keep times to the nanosecond, before 1970 and after 2400 too', async () => {
    const path = await newFile()
    for (const [accessedAt, modifiedAt] of [
      [1_700_000_000_123_456_789n, 1_700_000_000_987_654_321n],
      [-1n, -31_536_000_000_000_001n],
      [0n, 14_000_000_000_000_000_007n],
    ] as const) {
      posix.setTimes(path, { accessedAt, modifiedAt })
      expect(await systemDisk.stat(path)).toMatchObject({ accessedAt, modifiedAt })
    }
  })

  it('set the times of a link, not of what it points to', async () => {
    const path = await newFile()
    const before = (await systemDisk.stat(path)).modifiedAt
    await systemDisk.symlink('file', `${folder}/link`)
    posix.setTimes(`${folder}/link`, { accessedAt: 5n, modifiedAt: 7n })
    expect((await systemDisk.stat(`${folder}/link`)).modifiedAt).toBe(7n)
    expect((await systemDisk.stat(path)).modifiedAt).toBe(before)
  })

  it('set, list and remove extended attributes, on names of any bytes', async () => {
    const name = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])])
    await (await systemDisk.open(name, 'create')).close()
    const attributes = [
      { name: 'user.empty', value: new Uint8Array() },
      { name: 'user.bytes', value: Uint8Array.from({ length: 300 }, (_, at) => at % 256) },
    ]
    for (const attribute of attributes) posix.setExtendedAttribute(name, attribute)
    const listed = posix.extendedAttributes(name).map((each) => [each.name, [...each.value]])
    expect(listed).toHaveLength(2)
    for (const each of attributes) expect(listed).toContainEqual([each.name, [...each.value]])
    posix.removeExtendedAttribute(name, 'user.bytes')
    expect(posix.extendedAttributes(name).map((each) => each.name)).toEqual(['user.empty'])
  })

  it('make FIFOs', async () => {
    posix.makeNode(`${folder}/fifo`, { kind: 'fifo', mode: 0o600 })
    expect(await systemDisk.stat(`${folder}/fifo`)).toMatchObject({ kind: 'fifo', mode: 0o600 })
  })

  it.runIf(isRoot)('make device nodes', async () => {
    const { specialDevice } = await systemDisk.stat('/dev/null')
    posix.makeNode(`${folder}/null`, { kind: 'character-device', mode: 0o600, device: specialDevice })
    expect(await systemDisk.stat(`${folder}/null`)).toMatchObject({ kind: 'character-device', specialDevice })
    expect(execFileSync('stat', ['-c', '%t:%T', `${folder}/null`], { encoding: 'utf8' })).toBe('1:3\n')
  })

  it('fail as the disk does', () => {
    const failure = expect.objectContaining({ code: 'CORE_DISK_NOT_FOUND' })
    const path = `${folder}/nothing`
    expect(() => posix.extendedAttributes(path)).toThrow(failure)
    expect(() => posix.setTimes(path, { accessedAt: 0n, modifiedAt: 0n })).toThrow(failure)
    expect(() => posix.setExtendedAttribute(path, { name: 'user.x', value: new Uint8Array() })).toThrow(failure)
    expect(() => posix.makeNode(folder, { kind: 'fifo', mode: 0o600 })).toThrow(
      expect.objectContaining({ code: 'CORE_DISK_EXISTS' }),
    )
  })

  it('answer with nothing where the file system has no extended attributes', () => {
    expect(posix.extendedAttributes('/proc/self/status')).toEqual([])
  })
})

describe('loadPosixCalls', () => {
  it('gives undefined when the package cannot be used', async () => {
    const broken = {
      load() {
        throw new Error('no binary for this machine')
      },
      errno: () => 0,
    }
    expect(await loadPosixCalls({ koffi: broken })).toBeUndefined()
  })
})
