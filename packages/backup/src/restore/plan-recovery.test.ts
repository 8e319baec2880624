import { join } from 'node:path'
import { makeTemporaryFolder, readFile, removeTree, systemDisk, type Disk } from '@exprsn/core/disk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeBase, put, type BaseOptions } from '../../test/make-base.ts'
import { commit, logSwitch, makeWal, restorePoint } from '../../test/make-wal.ts'
import { formatPostgresTime, toPostgresTime } from '../replication/postgres-time.ts'
import { planRecovery } from './plan-recovery.ts'
import { prepareRecovery, type PrepareRecoveryOptions } from './prepare-recovery.ts'
import type { RecoveryTarget } from './recovery-target.ts'

/** Seconds after a moment, as the log has them. */
const at = (seconds: number): bigint => toPostgresTime(Date.UTC(2026, 10, 20, 10, 41)) + BigInt(seconds) * 1_000_000n
const time = (seconds: number): RecoveryTarget => ({ time: formatPostgresTime(at(seconds)) })

/** Commits before the backup, during it, and after it; the backup begins at a segment of its own, as real ones do. */
const wal = makeWal({
  records: [
    commit(1, at(1)),
    commit(2, at(5)),
    logSwitch,
    commit(3, at(6)),
    {},
    commit(4, at(20)),
    restorePoint('here'),
    commit(5, at(30)),
    {},
  ],
})
const start = wal.starts[3]!
const end = wal.starts[5]!
let folder = ''

beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

async function arrange(options: Partial<BaseOptions> = {}, names = [...wal.files.keys()]): Promise<void> {
  await makeBase(join(folder, 'base'), { start, end, ...options })
  await systemDisk.makeFolder(join(folder, 'wal'))
  for (const name of names) await put(join(folder, 'wal', name), wal.files.get(name)!)
}

const plan = (until: RecoveryTarget) => planRecovery({ base: join(folder, 'base'), wal: join(folder, 'wal'), until })
const codeOf = (until: RecoveryTarget): Promise<string> =>
  plan(until).then(
    () => 'reachable',
    (error: { code: string }) => error.code.replace('BACKUP_', ''),
  )

describe('planRecovery', () => {
  it('tells the window, and for each point whether it lies in it', async () => {
    await arrange()
    expect((await plan('latest')).window).toEqual({ fromLsn: end, toLsn: wal.end, firstTime: at(20), lastTime: at(30) })
    expect(await codeOf(time(4))).toBe('RESTORE_TOO_EARLY')
    expect(await codeOf(time(5))).toBe('RESTORE_TOO_EARLY')
    expect(await codeOf(time(6))).toBe('reachable')
    expect(await codeOf(time(29))).toBe('reachable')
    expect(await codeOf(time(30))).toBe('RESTORE_TOO_LATE')
    expect(await codeOf({ lsn: end })).toBe('reachable')
    expect(await codeOf({ lsn: start })).toBe('RESTORE_TOO_EARLY')
    expect(await codeOf({ lsn: wal.end })).toBe('RESTORE_TOO_LATE')
    expect(await codeOf({ lsn: wal.end, inclusive: false })).toBe('reachable')
    expect(await codeOf({ xid: 3 })).toBe('RESTORE_TOO_EARLY')
    expect(await codeOf({ xid: 5 })).toBe('reachable')
    expect(await codeOf({ xid: 1_000 })).toBe('RESTORE_NOT_FOUND')
    expect(await codeOf({ name: 'here' })).toBe('reachable')
    expect(await codeOf({ name: 'elsewhere' })).toBe('RESTORE_NOT_FOUND')
    await expect(plan(time(30))).rejects.toThrow('with commits from 2026-11-20T10:41:20.000000Z to 2026-11-20T10:41:30')
  })

  it('does not go back before what the backup already holds, though PostgreSQL would', async () => {
    const quiet = { start, end: start }
    await arrange(quiet)
    // The WAL before the backup knows of a commit at 5 s: one second earlier is another state.
    expect(await codeOf(time(4))).toBe('RESTORE_TOO_EARLY')
    expect(await codeOf(time(5))).toBe('reachable')
    // Without that WAL the label's second counts, rounded up.
    await removeTree(systemDisk, join(folder, 'wal'))
    await arrange(quiet, [...wal.files.keys()].slice(1))
    expect(await codeOf(time(7))).toBe('RESTORE_TOO_EARLY')
    expect(await codeOf(time(8))).toBe('reachable')
    await arrange({ ...quiet, labelTime: 'no time' }, [])
    expect(await codeOf(time(1))).toBe('reachable')
  })

  it('names WAL that is missing, cut off, damaged or of another cluster', async () => {
    const [first, second] = [...wal.files.keys()] as [string, string]
    await arrange({}, [first])
    expect(await codeOf('latest')).toBe('WAL_GAP')
    await arrange({ end: wal.end + 4_096n })
    await expect(plan('latest')).rejects.toMatchObject({
      code: 'BACKUP_WAL_GAP',
      details: { reason: 'the base backup needs it to be consistent' },
    })
    await arrange({ systemIdentifier: 78n })
    expect(await codeOf('latest')).toBe('RESTORE_OTHER_SYSTEM')
    await arrange()
    await put(join(folder, 'wal', second), wal.files.get(second)!.subarray(0, 100))
    expect(await codeOf('latest')).toBe('WAL_CORRUPT')
  })

  it('says so when nothing was committed after the backup', async () => {
    await arrange({ end: wal.starts[8]! })
    await expect(plan({ name: 'x' })).rejects.toThrow('with no commit in it')
  })

  it.each([
    ['global/pg_control', { files: { 'global/pg_control': 'short' } }],
    ['2 WAL ranges', { ranges: 2 }],
    ['0 WAL ranges', { ranges: 0 }],
  ])('refuses a base backup with damage to its %s', async (_, options) => {
    await arrange(options)
    expect(await codeOf('latest')).toBe('RESTORE_DAMAGED')
  })

  it('refuses a folder that is no backup, or lacks its label', async () => {
    await arrange()
    await systemDisk.removeFile(join(folder, 'base', 'base', 'backup_label'))
    expect(await codeOf('latest')).toBe('RESTORE_DAMAGED')
    await systemDisk.removeFile(join(folder, 'base', 'base', 'backup_manifest'))
    expect(await codeOf('latest')).toBe('MANIFEST_MISSING')
  })
})

describe('prepareRecovery', () => {
  const prepare = (options: Partial<PrepareRecoveryOptions> = {}) =>
    prepareRecovery({
      ...{ base: join(folder, 'base'), wal: join(folder, 'wal'), into: join(folder, 'made', 'data') },
      ...{ until: 'latest', ...options },
    })
  const text = async (...path: string[]): Promise<string> =>
    Buffer.from(await readFile(systemDisk, join(folder, 'made', ...path))).toString()
  const names = async (path: string): Promise<string[]> => {
    const found: string[] = []
    for await (const entry of systemDisk.entries(path)) found.push(entry.name)
    return found
  }

  it('makes a folder that a server can boot, also when the source kept its configuration elsewhere', async () => {
    await arrange({ files: { tablespace_map: '16384 /old/place\n', 'pg_tblspc/.keep': '' } })
    await put(join(folder, 'base', 'tablespaces', '16384', 'PG_15', '1'), 'rows')
    const partial = [...wal.files.keys()][1]!
    await systemDisk.rename(join(folder, 'wal', partial), join(folder, 'wal', `${partial}.partial`))
    const phases = new Set<string>()
    const prepared = await prepare({ onProgress: ({ phase }) => phases.add(phase) })
    expect(prepared.tablespaces).toEqual([{ oid: 16384, path: join(folder, 'made', 'data-tablespaces', '16384') }])
    expect(await text('data', 'tablespace_map')).toBe(`16384 ${prepared.tablespaces[0]!.path}\n`)
    expect(await text('data-tablespaces', '16384', 'PG_15', '1')).toBe('rows')
    expect(await text('data', 'postgresql.conf')).toContain('hot_standby = off')
    expect(await text('data', 'pg_hba.conf')).toContain('local all all peer')
    expect(await text('data', 'postgresql.auto.conf')).toContain("restore_command = 'exit 1'")
    expect(await text('data', 'recovery.signal')).toBe('')
    expect(await names(join(folder, 'made', 'data', 'pg_wal'))).toEqual(expect.arrayContaining([partial]))
    expect(phases).toEqual(new Set(['check WAL', 'copy']))
  })

  it('keeps the configuration that is there', async () => {
    await arrange({
      files: { 'postgresql.conf': 'port = 1\n', 'pg_hba.conf': '# mine\n', 'postgresql.auto.conf': "a = '1'\n" },
    })
    await systemDisk.makeFolder(join(folder, 'made', 'data'))
    await prepare({ durable: false, until: { name: 'here' } })
    expect(await text('data', 'postgresql.conf')).toBe('port = 1\n')
    expect(await text('data', 'pg_hba.conf')).toBe('# mine\n')
    expect(await text('data', 'postgresql.auto.conf')).toMatch(/^a = '1'\n# Written/)
  })

  it('copies nothing when it cannot succeed', async () => {
    await arrange()
    await expect(prepare({ until: { name: 'unknown' } })).rejects.toMatchObject({ code: 'BACKUP_RESTORE_NOT_FOUND' })
    const disk: Disk = { ...systemDisk, space: async () => ({ free: 1_000, total: 2_000 }) }
    await expect(prepare({ disk })).rejects.toMatchObject({
      code: 'BACKUP_RESTORE_NO_SPACE',
      details: { path: folder },
    })
    await put(join(folder, 'file'), 'x')
    await expect(prepare({ into: join(folder, 'file') })).rejects.toMatchObject({
      code: 'BACKUP_RESTORE_FOLDER_NOT_EMPTY',
    })
    expect(await names(folder)).not.toContain('made')
  })

  it('leaves nothing behind when it is called off in the middle', async () => {
    await arrange({ files: { tablespace_map: '16384 /old\n' } })
    await put(join(folder, 'base', 'tablespaces', '16384', '1'), 'rows')
    const controller = new AbortController()
    const disk: Disk = {
      ...systemDisk,
      open(path, mode, options) {
        if (String(path).endsWith('recovery.signal')) controller.abort(new Error('stop it'))
        return systemDisk.open(path, mode, options)
      },
    }
    await expect(prepare({ disk, signal: controller.signal })).rejects.toThrow('stop it')
    expect(await names(join(folder, 'made'))).toEqual([])
  })
})
