import type { Disk, DiskFile, DiskLock } from '../disk/disk.ts'
import { parentPath } from '../disk/paths.ts'
import { readFile } from '../disk/read-file.ts'
import { writeFileAtomic } from '../disk/write-file-atomic.ts'
import type { Logger } from '../logger/logger.ts'
import { auditErrors } from './errors.ts'
import { linesOf } from './file-lines.ts'
import { leafHash, MerkleFrontier } from './merkle.ts'
import { emptyHead, parseRecord, type AuditHead, type StoredRecord } from './record.ts'

/** An audit file that is written to. */
export interface OpenAuditFile {
  readonly file: DiskFile
  readonly lock: DiskLock
  readonly frontier: MerkleFrontier
  head: AuditHead
  /** Bytes that are durable. */
  end: number
}

/**
 * Opens an audit file for appending: takes its lock, reads it, puts a torn end aside as `<path>.torn` and cuts it off.
 *
 * @throws `CORE_AUDIT_LOCKED`, `CORE_AUDIT_DAMAGED`, and the disk's errors.
 */
export async function openAuditFile(disk: Disk, path: string, logger: Logger): Promise<OpenAuditFile> {
  const lock = await disk.lock(`${path}.lock`)
  if (lock === undefined) throw auditErrors.CORE_AUDIT_LOCKED({ path })
  let file: DiskFile | undefined
  try {
    file = await disk.open(path, 'create')
    await disk.fsyncFolder(parentPath(path))
    return await recover(disk, path, file, lock, logger)
  } catch (error) {
    await file?.close()
    await lock.release()
    throw error
  }
}

async function recover(
  disk: Disk,
  path: string,
  file: DiskFile,
  lock: DiskLock,
  logger: Logger,
): Promise<OpenAuditFile> {
  const bytes = await readFile(disk, path)
  const frontier = new MerkleFrontier()
  let head = emptyHead
  let end = 0
  for (const line of linesOf(bytes)) {
    if (line.torn) {
      logger.warn(
        { path, bytes: line.end - line.start },
        'the audit log ends in a torn write, which nobody was told had succeeded',
      )
      await writeFileAtomic(disk, `${path}.torn`, bytes.subarray(line.start))
      await file.truncate(line.start)
      break
    }
    if (line.entries === undefined) throw auditErrors.CORE_AUDIT_DAMAGED({ path, sequence: head.sequence + 1 })
    for (const entry of line.entries) {
      if (entry.type === 'checkpoint') continue
      head = follow(entry, head, path)
      frontier.add(Buffer.from(entry.hash, 'hex'))
    }
    end = line.end
  }
  // What was read may not be durable yet: the process that wrote it may have died before it said so.
  await file.fsync()
  return { file, lock, frontier, head, end }
}

function follow(entry: StoredRecord, head: AuditHead, path: string): AuditHead {
  const record = parseRecord(entry.text)
  const sequence = head.sequence + 1
  const right = record?.sequence === sequence && record.previous === head.hash
  if (!right || leafHash(entry.text).toString('hex') !== entry.hash)
    throw auditErrors.CORE_AUDIT_DAMAGED({ path, sequence })
  return { sequence, hash: entry.hash }
}
