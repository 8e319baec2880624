import {
  isDiskError,
  makeTemporaryFolder,
  parentPath,
  removeTree,
  systemDisk,
  unlessGone,
  type DiskPath,
  type DiskStat,
} from '@exprsn/core/disk'
import { basename, resolve } from 'node:path'
import { fixedChunker } from '../../chunking/index.ts'
import { trackProgress } from '../../progress/progress.ts'
import { encodeTree, type SourceContext, type SourceResult } from '../../repository/index.ts'
import { saveContent } from '../content/save-content.ts'
import { sourcesErrors } from '../errors.ts'
import { copyDatabase } from './copy-database.ts'
import type { SqliteSourceOptions } from './sqlite-source.ts'

/** SQLite changes pages in place: cut at fixed places, a changed page costs one chunk. */
const chunkSize = 256 * 1_024
const readSize = 1_024 * 1_024

/** Copies a database as it is at one instant, and saves the copy. */
export async function backUpDatabase(
  { path, temporaryFolder, random }: SqliteSourceOptions,
  context: SourceContext,
): Promise<SourceResult> {
  const database = resolve(path)
  const stat = await statOf(database)
  // Before the copy: a change during it makes the next snapshot newer, never this one.
  const modifiedAt = await lastChange(stat.path, stat)
  const folder = await makeTemporaryFolder(systemDisk, {
    prefix: 'exprsn-sqlite-',
    within: temporaryFolder,
    random,
  })
  try {
    const copy = `${folder}/copy.sqlite`
    await copyDatabase(database, copy, context.signal)
    return await saveCopy(copy, { name: basename(database), stat, modifiedAt }, context)
  } finally {
    await removeTree(systemDisk, folder)
  }
}

interface DatabaseFacts {
  readonly name: string
  readonly stat: DiskStat
  readonly modifiedAt: bigint
}

async function saveCopy(copy: string, facts: DatabaseFacts, context: SourceContext): Promise<SourceResult> {
  const { signal, clock, onProgress } = context
  const { name, stat, modifiedAt } = facts
  const progress = trackProgress({ clock, onProgress, phase: 'database', total: (await systemDisk.stat(copy)).size })
  const { writer } = await context.session()
  const { content, bytes } = await saveContent(piecesOf(copy), {
    ...{ writer, signal, chunker: fixedChunker(chunkSize) },
    onBytes: progress.advance,
  })
  progress.finish()
  const { mode, userId, groupId } = stat
  const times = { modifiedAt, accessedAt: modifiedAt, changedAt: modifiedAt }
  const node = { name, type: 'file', mode, userId, groupId, size: bytes, content, ...times } as const
  const { id: tree } = await writer.save('tree', encodeTree([node]))
  const none = { excludes: [], omitted: [], problems: [], problemCount: 0 }
  return { ...none, tree, paths: [`/${context.name}`], files: 1, folders: 0, bytes, filesRead: 1 }
}

/** Facts about the file behind links. It is never opened here: closing it would drop the locks of this process. */
async function statOf(path: string): Promise<DiskStat & { readonly path: string }> {
  try {
    let target: DiskPath = path
    let stat = await systemDisk.stat(target)
    for (let links = 0; stat.kind === 'symlink' && links < 40; links++) {
      target = resolve(String(parentPath(target)), String(await systemDisk.readLink(target)))
      stat = await systemDisk.stat(target)
    }
    if (stat.kind !== 'file') throw sourcesErrors.BACKUP_SQLITE_UNREADABLE({ path, reason: `it is a ${stat.kind}` })
    return { ...stat, path: String(target) }
  } catch (error) {
    if (isDiskError(error, 'CORE_DISK_NOT_FOUND')) throw sourcesErrors.BACKUP_SQLITE_MISSING({ path }, { cause: error })
    throw error
  }
}

/** In WAL mode a change goes to the log first. A log without content is made by readers, too. */
async function lastChange(path: string, { modifiedAt }: DiskStat): Promise<bigint> {
  const log = await unlessGone(systemDisk.stat(`${path}-wal`))
  return log !== undefined && log.size > 0 && log.modifiedAt > modifiedAt ? log.modifiedAt : modifiedAt
}

async function* piecesOf(path: string): AsyncGenerator<Uint8Array, void, void> {
  const file = await systemDisk.open(path, 'read')
  try {
    const buffer = new Uint8Array(readSize)
    for (let position = 0; ;) {
      const length = await file.read(buffer, position)
      if (length === 0) return
      yield buffer.subarray(0, length)
      position += length
    }
  } finally {
    await file.close()
  }
}
