import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { listPackages, root } from '../lib/packages.ts'

/** The description of what one package serves. */
export interface OpenApiEvidence {
  /** The committed file below the repository's root. */
  readonly file: string
  /** What the routes say now. */
  readonly current: unknown
  /** What is committed; undefined when nothing is. */
  readonly committed: unknown
}

/**
 * The descriptions of all packages that serve something. A package joins with a file `src/http/describe-openapi.ts` that
 * exports `describeOpenApi()`; the committed document is `src/http/openapi.json` beside it.
 */
export async function readOpenApi(from: string = root): Promise<readonly OpenApiEvidence[]> {
  const evidence: OpenApiEvidence[] = []
  for (const { folder } of listPackages(from)) {
    const source = join(folder, 'src/http/describe-openapi.ts')
    if (!existsSync(source)) continue
    const module = (await import(pathToFileURL(source).href)) as { readonly describeOpenApi: () => Promise<unknown> }
    const path = join(folder, 'src/http/openapi.json')
    const committed: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
    const current: unknown = JSON.parse(JSON.stringify(await module.describeOpenApi()))
    evidence.push({ file: relative(from, path), current, committed })
  }
  return evidence
}

/** Committed descriptions and routes must agree. Each problem is one line that names the first difference. */
export function checkOpenApi(evidence: readonly OpenApiEvidence[]): readonly string[] {
  return evidence.flatMap(({ file, current, committed }) => {
    if (committed === undefined) return [`${file}: missing. "npm run fix" writes it.`]
    const difference = firstDifference(committed, current, '')
    return difference === undefined ? [] : [`${file}: out of date at ${difference}. "npm run fix" writes it again.`]
  })
}

/** Writes the descriptions that differ; gives their files. */
export async function writeOpenApi(from: string = root): Promise<readonly string[]> {
  const stale = (await readOpenApi(from)).filter((each) => checkOpenApi([each]).length > 0)
  for (const { file, current } of stale) writeFileSync(join(from, file), `${JSON.stringify(current, null, 2)}\n`)
  return stale.map(({ file }) => file)
}

/** A JSON pointer to the first place where two documents differ; undefined when they do not. */
function firstDifference(left: unknown, right: unknown, pointer: string): string | undefined {
  if (!isNode(left) || !isNode(right)) return left === right ? undefined : pointer || '/'
  if (Array.isArray(left) !== Array.isArray(right)) return pointer || '/'
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const below = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const found = Object.hasOwn(left, key) && Object.hasOwn(right, key) ? undefined : below
    const difference = found ?? firstDifference(left[key], right[key], below)
    if (difference !== undefined) return difference
  }
  return undefined
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
