import { dirname, join, normalize } from 'node:path'

/** The Markdown files of a tree, and a way to ask whether anything else in it exists. */
export interface LinkedTree {
  /** Path below the root → text. */
  readonly documents: ReadonlyMap<string, string>
  readonly exists: (path: string) => boolean
}

/** Every relative link and image of the documents that leads nowhere: to a missing file, or a missing heading in one. */
export function brokenLinks({ documents, exists }: LinkedTree): readonly string[] {
  return [...documents].flatMap(([file, text]) =>
    linksOf(text).flatMap(({ line, target }) => {
      const problem = problemOf(file, target, { documents, exists })
      return problem === undefined ? [] : [`${file}:${line} ${problem}`]
    }),
  )
}

interface Link {
  readonly line: number
  readonly target: string
}

/** Inline links, images, and reference definitions, outside of code. */
function linksOf(text: string): readonly Link[] {
  return withoutCode(text)
    .split('\n')
    .flatMap((line, index) => {
      const inline = [...line.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)]
      const definitions = [...line.matchAll(/^\s{0,3}\[[^\]]+\]:\s+<?(\S+?)>?$/g)]
      return [...inline, ...definitions].map((match) => ({ line: index + 1, target: match[1]! }))
    })
}

/** Blanks fenced blocks and code spans, keeping the lines. */
function withoutCode(text: string): string {
  return text
    .replaceAll(/^(\s*)(`{3,}|~{3,})[\s\S]*?^\s*\2\s*$/gm, (block) => block.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/`[^`\n]+`/g, (span) => ' '.repeat(span.length))
}

function problemOf(file: string, target: string, { documents, exists }: LinkedTree): string | undefined {
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return undefined
  const [path = '', anchor] = decodeURIComponent(target).split('#')
  if (path.startsWith('/')) return `"${target}" is absolute: link relative to the document.`
  const aim =
    path === ''
      ? file
      : normalize(join(dirname(file), path))
          .replaceAll('\\', '/')
          .replace(/\/$/, '')
  if (aim.startsWith('..')) return `"${target}" leads out of the repository.`
  if (!documents.has(aim) && !exists(aim)) return `"${target}" leads to no file.`
  const document = documents.get(aim)
  if (anchor === undefined || anchor === '' || document === undefined) return undefined
  return anchorsOf(document).has(anchor) ? undefined : `"${target}" names a heading that is not in ${aim}.`
}

/** Headings become anchors as on GitHub: lower case, punctuation dropped, spaces to dashes, repeats numbered. */
function anchorsOf(document: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  const blank = document.replaceAll(/^(\s*)(`{3,}|~{3,})[\s\S]*?^\s*\2\s*$/gm, '')
  for (const [, heading = ''] of blank.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const base = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-')
    let anchor = base
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${base}-${copy}`
    anchors.add(anchor)
  }
  for (const [, id = ''] of blank.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) anchors.add(id)
  return anchors
}
