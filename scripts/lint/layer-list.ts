import { existsSync, readFileSync, statSync } from 'node:fs'

/**
 * The areas of a package in layer order, read from its README: below the heading "Inside", the first lines that hold an
 * arrow, as in `errors → clock → disk`. The list may run over several lines; areas may stand in backticks.
 * Undefined when there is no such list.
 */
export function parseLayerList(readme: string): readonly string[] | undefined {
  const section = /^## Inside[ \t]*\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(readme)?.[1]
  const list = section === undefined ? null : /^.*→.*(?:\n.*→.*)*/m.exec(section)?.[0]
  return list
    ?.split('→')
    .map((area) => area.replaceAll(/[`\s]/g, ''))
    .filter((area) => area !== '')
}

const cache = new Map<string, { readonly modified: number; readonly areas: readonly string[] | undefined }>()

/** {@link parseLayerList} of a file, read again only when it has changed. */
export function readLayerList(readme: string): readonly string[] | undefined {
  if (!existsSync(readme)) return undefined
  const modified = statSync(readme).mtimeMs
  const known = cache.get(readme)
  if (known?.modified === modified) return known.areas
  const areas = parseLayerList(readFileSync(readme, 'utf8'))
  cache.set(readme, { modified, areas })
  return areas
}
