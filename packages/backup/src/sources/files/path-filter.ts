import { sourcesErrors } from '../errors.ts'

/** Whether the entry at an absolute path is left out, with everything below it. */
export type PathFilter = (path: string, name: string) => boolean

/**
 * A filter from patterns. `*` and `?` stand for characters of a name, `**` for any folders. A pattern without a slash means
 * names at any depth; one that begins with a slash means absolute paths; any other, the end of a path.
 *
 * @throws `BACKUP_FILES_OPTION_INVALID`
 */
export function pathFilter(patterns: readonly string[]): PathFilter {
  if (patterns.length === 0) return () => false
  const names: RegExp[] = []
  const paths: RegExp[] = []
  for (const pattern of patterns) {
    const text = pattern.replace(/\/+$/, '')
    if (text === '')
      throw sourcesErrors.BACKUP_FILES_OPTION_INVALID({ option: 'exclude', reason: 'a pattern is empty' })
    if (!text.includes('/')) names.push(new RegExp(`^${translate(text)}$`, 's'))
    else paths.push(new RegExp(`${text.startsWith('/') ? '^' : '(^|/)'}${translate(text)}$`, 's'))
  }
  return (path, name) => names.some((each) => each.test(name)) || paths.some((each) => each.test(path))
}

function translate(pattern: string): string {
  return pattern.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    return `\\${token}`
  })
}
