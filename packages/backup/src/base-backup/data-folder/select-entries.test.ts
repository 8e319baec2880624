import { describe, expect, it } from 'vitest'
import { selectEntries } from './select-entries.ts'

const files = (...names: readonly string[]) => names.map((name) => ({ name, kind: 'file' }) as const)
const folders = (...names: readonly string[]) => names.map((name) => ({ name, kind: 'folder' }) as const)
const chosen = (...args: Parameters<typeof selectEntries>) =>
  selectEntries(...args).map(({ name, kind }) => (kind === 'file' ? name : `${name} ${kind}`))

describe('what of a data folder belongs to a backup', () => {
  it('is not what the running server or another backup has left there', () => {
    const kept = files('PG_VERSION', 'postgresql.auto.conf', 'current_logfiles', 'postgresql.conf', 'log.txt')
    const gone = files(
      ...['postmaster.pid', 'postmaster.opts', 'postgresql.auto.conf.tmp', 'current_logfiles.tmp', '.DS_Store'],
      ...['backup_label', 'backup_label.old', 'tablespace_map', 'tablespace_map.old', 'backup_manifest'],
      ...['pgsql_tmp', 'pgsql_tmp123.4', 'pg_internal.init', 'pg_internal.init.99'],
    )
    for (const folder of ['', 'base/5', 'global', 'somewhere/deep'])
      expect(chosen(folder, [...gone, ...kept])).toEqual(kept.map(({ name }) => name).sort())
  })

  it('has some folders without what is in them, links to folders included', () => {
    const names = ['pg_stat_tmp', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_subtrans']
    for (const folder of ['', 'deeper'])
      expect(chosen(folder, folders(...names))).toEqual([...names].sort().map((name) => `${name} emptied`))
    expect(chosen('', [...folders('pg_tblspc'), { name: 'pg_wal', kind: 'symlink' }])).toEqual([
      'pg_tblspc emptied',
      'pg_wal emptied',
    ])
    expect(chosen('deeper', folders('pg_tblspc', 'pg_wal', 'pg_xact'))).toEqual([
      ...['pg_tblspc folder', 'pg_wal folder', 'pg_xact folder'],
    ])
  })

  it('has the control file last and on its own', () => {
    expect(chosen('global', files('1262', 'pg_control', 'pg_filenode.map'))).toEqual(['1262', 'pg_filenode.map'])
    expect(chosen('elsewhere', files('pg_control'))).toEqual(['pg_control'])
  })

  it('has no links, sockets and pipes', () => {
    const entries = (['symlink', 'socket', 'fifo', 'block-device', 'character-device', 'unknown'] as const).map(
      (kind) => ({ name: kind, kind }),
    )
    expect(chosen('', entries)).toEqual([])
  })

  it.each(['base/5', 'global', 'pg_tblspc/16400/PG_18_202506291/5'])(
    'has of unlogged relations in %s what they are reset to, and nothing of temporary ones',
    (folder) => {
      const logged = files('16384', '16384.1', '16384.27', '16384_fsm', '16384_vm', '2619', '16385x', '1638', '163840')
      const unlogged = files('16385', '16385.1', '16385_fsm', '16385_vm', '16385_vm.1')
      const temporary = files('t3_16390', 't12_16390.1', 't3_16390_fsm', 't3_16390_vm')
      const kept = [...logged, ...files('16385_init', 't3', 't3_16390x', 'pg_filenode.map')]
      const expected = kept.map(({ name }) => name).sort()
      expect(chosen(folder, [...unlogged, ...temporary, ...kept])).toEqual(expected)
    },
  )

  it('looks at names of relations only where relations are', () => {
    const names = ['16385', '16385_init', 't3_16390']
    for (const folder of ['', 'base', 'base/x', 'pg_xact', 'pg_tblspc/16400/PG_18_202506291', 'mine/base/5'])
      expect(chosen(folder, files(...names))).toEqual(names)
  })
})
