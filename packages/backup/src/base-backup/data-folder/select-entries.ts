import type { DiskEntry } from '@exprsn/core/disk'
import { isRelationFolder, parseRelationFile } from '../pages/relation-file.ts'

/** One name in a folder of a cluster that belongs to a backup. */
export interface SelectedEntry {
  readonly name: string
  /** `emptied`: the folder belongs to it, what is in it does not. */
  readonly kind: 'file' | 'folder' | 'emptied'
}

// The rules are those of PostgreSQL's `backup/basebackup.c`.

/** A server makes anew what is in these when it starts. */
const emptied = new Set([
  ...['pg_stat_tmp', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_subtrans'],
])
/** The log is received, tablespaces are read by themselves. */
const emptiedInRoot = new Set(['pg_wal', 'pg_tblspc'])
/** What belongs to the running server, or to a backup that it was restored from. */
const leftOut = new Set([
  ...['postmaster.pid', 'postmaster.opts', 'postgresql.auto.conf.tmp', 'current_logfiles.tmp', '.DS_Store'],
  ...['backup_label', 'backup_label.old', 'tablespace_map', 'tablespace_map.old', 'backup_manifest'],
])
const leftOutPrefix = /^pgsql_tmp|^pg_internal\.init/
const temporaryRelation = /^t\d+_\d+(_(fsm|vm|init))?(\.\d+)?$/

/**
 * Chooses what of a folder belongs to a backup, in the order of names. Neither do temporary relations, nor what unlogged ones hold,
 * nor links, sockets and pipes; the control file comes last and on its own.
 *
 * @param folder Its path in the cluster as manifests have it; '' is the data folder.
 */
export function selectEntries(folder: string, entries: readonly DiskEntry[]): SelectedEntry[] {
  const hasRelations = isRelationFolder(folder)
  const unlogged = new Set<string>()
  if (hasRelations)
    for (const { name } of entries) {
      const relation = parseRelationFile(name)
      if (relation?.fork === 'init') unlogged.add(relation.number)
    }
  const isVolatile = (name: string): boolean => {
    if (temporaryRelation.test(name)) return true
    const relation = parseRelationFile(name)
    return relation !== undefined && relation.fork !== 'init' && unlogged.has(relation.number)
  }
  const selected: SelectedEntry[] = []
  for (const { name, kind } of entries) {
    if (leftOut.has(name) || leftOutPrefix.test(name) || (folder === 'global' && name === 'pg_control')) continue
    if (emptied.has(name) || (folder === '' && emptiedInRoot.has(name))) selected.push({ name, kind: 'emptied' })
    else if (hasRelations && isVolatile(name)) continue
    else if (kind === 'file' || kind === 'folder') selected.push({ name, kind })
  }
  return selected.sort((left, right) => (left.name < right.name ? -1 : 1))
}
