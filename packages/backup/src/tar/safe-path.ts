import { tarErrors } from './errors.ts'

/**
 * A relative path in its plain form: no `.` parts, no slash at the end; `''` for the root itself.
 *
 * @throws `BACKUP_TAR_UNSAFE_PATH` for an absolute path and for one with `..` in it.
 */
export function safePath(path: string): string {
  if (path.startsWith('/') || path.includes('\\') || path.includes('\0')) throw unsafe(path)
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw unsafe(path)
  return parts.join('/')
}

/** Refuses a path that would be written through one of the symbolic links that the archive itself has made. */
export function assertNotBelowLink(path: string, links: ReadonlySet<string>): void {
  if (links.size === 0) return
  const parts = path.split('/')
  for (let count = 1; count <= parts.length; count++) if (links.has(parts.slice(0, count).join('/'))) throw unsafe(path)
}

function unsafe(path: string) {
  return tarErrors.BACKUP_TAR_UNSAFE_PATH({ path })
}
