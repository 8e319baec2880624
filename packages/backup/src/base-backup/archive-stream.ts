import { concatBytes } from '@exprsn/core/bytes'
import { decodeBackupMessage, isBackupData, type BackupMessage } from '../replication/messages.ts'
import { createUntar, type Untar } from '../tar/untar.ts'
import { baseBackupErrors } from './errors.ts'
import type { BackupSink } from './sink.ts'

/** A tablespace other than the default one. */
export interface BackupTablespace {
  readonly oid: number
  /** Its folder on the source. */
  readonly location: string
}

/** What has arrived so far. */
export interface ArchiveTotals {
  readonly files: number
  /** Bytes of file content. */
  readonly bytes: number
}

/** Options of {@link createArchiveStream}. */
export interface ArchiveStreamOptions {
  readonly sink: BackupSink
  /** Told the number of bytes of each message. */
  readonly onBytes: (bytes: number) => void
}

/** Takes the CopyData messages of a base backup apart into files. */
export interface ArchiveStream {
  /** Returns the sink's promise when the server must wait for it. */
  message(chunk: Uint8Array): void | Promise<void>
  /** The stream is complete. Returns the manifest's bytes. @throws `BACKUP_BASE_INCOMPLETE` when one is missing */
  end(): Uint8Array
  totals(): ArchiveTotals
}

/** Archives come one after another, tablespaces first, `base.tar` last, then the manifest. */
export function createArchiveStream({ sink, onBytes }: ArchiveStreamOptions): ArchiveStream {
  let untar: Untar | undefined
  let manifest: Uint8Array[] | undefined
  let files = 0
  let bytes = 0
  let pending: Promise<void>[] = []
  const note = (work: void | Promise<void>): void => {
    if (work !== undefined) pending.push(work)
  }

  const openArchive = (prefix: string): Untar =>
    createUntar({
      onEntry({ kind, path, target, size, mode, modifiedAt }) {
        const place = prefix + path
        if (kind === 'folder') return sink.folder(place, mode)
        if (kind === 'symlink') return sink.symlink(place, target)
        files++
        sink.file({ path: place, size, mode, modifiedAt })
      },
      onData(piece) {
        bytes += piece.length
        note(sink.write(piece))
      },
      onFileEnd: () => note(sink.endFile()),
    })

  const closeArchive = (): void => {
    untar?.end()
    untar = undefined
  }

  const begin = (message: BackupMessage): void => {
    if (message.kind === 'progress') return
    closeArchive()
    if (message.kind === 'archive') untar = openArchive(archivePrefix(message.name, sink))
    else manifest = []
  }

  /** Behind the type of the message. */
  const takeData = (chunk: Uint8Array): void => {
    onBytes(chunk.length - 1)
    if (manifest !== undefined) manifest.push(Uint8Array.from(chunk.subarray(1)))
    else if (untar !== undefined) untar.write(chunk, 1)
    else throw incomplete('data came before any archive')
  }

  return {
    message(chunk) {
      if (isBackupData(chunk)) takeData(chunk)
      else begin(decodeBackupMessage(chunk))
      if (pending.length === 0) return undefined
      const work = pending
      pending = []
      return Promise.all(work).then(() => {})
    },
    end() {
      closeArchive()
      if (manifest === undefined) throw incomplete('no manifest came')
      return concatBytes(manifest)
    },
    totals: () => ({ files, bytes }),
  }
}

/** `base.tar` holds the data folder, `<oid>.tar` a tablespace. */
function archivePrefix(name: string, sink: BackupSink): string {
  if (name === 'base.tar') return ''
  const oid = /^(\d+)\.tar$/.exec(name)?.[1]
  if (oid === undefined) throw incomplete(`an archive is called "${name}"`)
  sink.folder(`pg_tblspc/${oid}`, 0o700)
  return `pg_tblspc/${oid}/`
}

function incomplete(reason: string) {
  return baseBackupErrors.BACKUP_BASE_INCOMPLETE({ reason })
}
