import { concatBytes } from '@exprsn/core/bytes'
import { tarErrors } from './errors.ts'
import { parsePax, type PaxRecords } from './pax.ts'
import { assertNotBelowLink, safePath } from './safe-path.ts'
import { parseTarHeader, tarBlock, textField, type TarHeader } from './tar-header.ts'

/** One thing in an archive. `path` is relative, with `/`, and never leaves the root. */
export interface TarEntry {
  readonly kind: 'file' | 'folder' | 'symlink'
  readonly path: string
  /** Bytes; 0 unless it is a file. */
  readonly size: number
  /** Permission bits. */
  readonly mode: number
  /** Seconds since 1970. */
  readonly modifiedAt: number
  /** Where a symbolic link points, exactly as archived; empty otherwise. */
  readonly target: string
}

/** Takes what an archive holds, in order. */
export interface TarHandlers {
  onEntry(entry: TarEntry): void
  /** A piece of the current file, a view that is only valid during the call. */
  onData(bytes: Uint8Array): void
  /** The current file is complete. */
  onFileEnd(): void
}

/** An archive being read. */
export interface Untar {
  /** Takes the next bytes, cut anywhere; of `chunk` those from an offset on. */
  write(chunk: Uint8Array, offset?: number): void
  /** Checks that the archive ended where it may. @throws `BACKUP_TAR_TRUNCATED` */
  end(): void
}

/** No name or extended header is longer in practice; a larger one is hostile. */
const largestMetadata = 1 << 20

/**
 * Reads a tar archive from chunks cut anywhere, without ever holding a file in memory. Knows ustar, GNU long names and
 * sizes, and POSIX extended headers.
 *
 * Throws `BACKUP_TAR_INVALID`, `BACKUP_TAR_UNSUPPORTED` or `BACKUP_TAR_UNSAFE_PATH` from `write`.
 */
export function createUntar(handlers: TarHandlers): Untar {
  const header = new Uint8Array(tarBlock)
  const links = new Set<string>()
  let headerFilled = 0
  let offset = 0
  let mode: 'header' | 'file' | 'metadata' | 'end' = 'header'
  let remaining = 0
  let padding = 0
  let metadata: Uint8Array[] = []
  let metadataType = ''
  let overrides: PaxRecords = {}

  const takeHeader = (chunk: Uint8Array, from: number): number => {
    // Most headers arrive as a message of their own: then no copy is needed.
    const whole = headerFilled === 0 && chunk.length - from >= tarBlock
    const taken = Math.min(tarBlock - headerFilled, chunk.length - from)
    const block = whole ? chunk.subarray(from, from + tarBlock) : header
    if (!whole) header.set(chunk.subarray(from, from + taken), headerFilled)
    headerFilled += taken
    if (headerFilled === tarBlock) {
      headerFilled = 0
      begin(parseTarHeader(block, offset + taken - tarBlock), offset + taken - tarBlock)
    }
    return taken
  }

  const begin = (parsed: TarHeader | undefined, at: number): void => {
    if (parsed === undefined) return void (mode = 'end')
    const size = overrides.size ?? parsed.size
    if (isMetadata(parsed.type)) {
      if (parsed.size > largestMetadata)
        throw tarErrors.BACKUP_TAR_INVALID({ offset: at, reason: `an extended header of ${parsed.size} bytes` })
      metadataType = parsed.type
      metadata = []
      startContent('metadata', parsed.size)
      return
    }
    const entry = entryOf(parsed, overrides, size, at)
    overrides = {}
    assertNotBelowLink(entry.path, links)
    if (entry.kind === 'symlink') links.add(entry.path)
    if (entry.path !== '') handlers.onEntry(entry)
    if (entry.kind === 'file') startContent('file', size)
    else if (parsed.size !== 0)
      throw tarErrors.BACKUP_TAR_INVALID({ offset: at, reason: `"${entry.path}" is a ${entry.kind} with content` })
  }

  const startContent = (kind: 'file' | 'metadata', size: number): void => {
    mode = kind
    remaining = size
    padding = (tarBlock - (size % tarBlock)) % tarBlock
    if (size === 0) finishContent()
  }

  const takeContent = (chunk: Uint8Array, from: number): number => {
    const taken = Math.min(remaining, chunk.length - from)
    const piece = chunk.subarray(from, from + taken)
    if (mode === 'file') handlers.onData(piece)
    else metadata.push(Uint8Array.from(piece))
    remaining -= taken
    if (remaining === 0) finishContent()
    return taken
  }

  const finishContent = (): void => {
    if (mode === 'file') handlers.onFileEnd()
    else overrides = { ...overrides, ...recordsOf(metadataType, concatBytes(metadata), offset) }
    mode = 'header'
  }

  return {
    write(chunk, from = 0) {
      while (from < chunk.length) {
        let taken: number
        if (mode === 'end') taken = chunk.length - from
        else if (mode !== 'header') taken = takeContent(chunk, from)
        else if (padding > 0) padding -= taken = Math.min(padding, chunk.length - from)
        else taken = takeHeader(chunk, from)
        from += taken
        offset += taken
      }
    },
    end() {
      // The two closing blocks of zeros are optional: PostgreSQL's server leaves them to the client.
      if (mode !== 'header' && mode !== 'end') throw tarErrors.BACKUP_TAR_TRUNCATED({ offset, what: 'a file' })
      if (headerFilled > 0) throw tarErrors.BACKUP_TAR_TRUNCATED({ offset, what: 'a header' })
      if (padding > 0) throw tarErrors.BACKUP_TAR_TRUNCATED({ offset, what: 'the padding after a file' })
    },
  }
}

function isMetadata(type: string): boolean {
  return type === 'L' || type === 'K' || type === 'x' || type === 'g'
}

function recordsOf(type: string, bytes: Uint8Array, offset: number): PaxRecords {
  if (type === 'x') return parsePax(bytes, offset)
  if (type === 'g') return {}
  const text = textField(bytes, 0, bytes.length, offset)
  return type === 'L' ? { path: text } : { linkpath: text }
}

const kinds: Readonly<Record<string, TarEntry['kind']>> = { '0': 'file', '2': 'symlink', '5': 'folder' }

function entryOf(header: TarHeader, overrides: PaxRecords, size: number, offset: number): TarEntry {
  const name = overrides.path ?? header.name
  const kind = kinds[header.type]
  if (kind === undefined) throw tarErrors.BACKUP_TAR_UNSUPPORTED({ path: name, type: header.type })
  const path = safePath(name)
  if (path === '' && kind !== 'folder') throw tarErrors.BACKUP_TAR_INVALID({ offset, reason: 'a name is empty' })
  return {
    kind,
    path,
    size: kind === 'file' ? size : 0,
    mode: header.mode,
    modifiedAt: header.modifiedAt,
    target: kind === 'symlink' ? (overrides.linkpath ?? header.target) : '',
  }
}
