import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkErrors } from '../errors/check-errors.ts'
import { readErrorEvidence } from '../errors/error-evidence.ts'
import { root } from '../lib/packages.ts'
import { capture } from '../lib/run.ts'
import { checkOpenApi, readOpenApi } from '../openapi/openapi-documents.ts'
import { checkSnippets } from '../snippets/check-snippets.ts'
import type { Snippet } from '../snippets/extract-snippets.ts'
import { findSnippets } from '../snippets/find-snippets.ts'
import type { Area } from './areas.ts'
import { checkChangesetConfig } from './changeset-config.ts'
import { hygieneProblems } from './hygiene.ts'
import { brokenLinks } from './markdown-links.ts'
import type { PassedBefore } from './passed-before.ts'

/** One part of `npm run check`. */
export interface CheckStep {
  readonly name: string
  /** Resolves to the problems found, a line each: none means that the step passed. */
  readonly run: (context: CheckContext) => Promise<readonly string[]>
}

/** What the steps of one run share. */
export interface CheckContext {
  /** The text files of the repository: path below the root → text. */
  readonly files: ReadonlyMap<string, string>
  readonly areas: readonly Area[]
  readonly passed: PassedBefore
}

/** What did not change since the last time is not checked again. */
const remembered = ['--incremental', '--tsBuildInfoFile', 'node_modules/.cache/check/types.tsbuildinfo']

/** Everything that `npm run check` does, the quick and likely failures first. */
export const checkSteps: readonly CheckStep[] = [
  { name: 'format', run: () => command('oxfmt', ['--check']) },
  { name: 'lint', run: lintAreas },
  { name: 'types', run: () => command('tsc', ['-p', 'tsconfig.json', '--pretty', 'false', ...remembered]) },
  { name: 'unused', run: () => command('knip', ['--no-progress', '--no-config-hints']) },
  { name: 'errors', run: async () => checkErrors(await readErrorEvidence()) },
  { name: 'openapi', run: async () => checkOpenApi(await readOpenApi()) },
  { name: 'links', run: checkLinks },
  { name: 'hygiene', run: async ({ files }) => hygieneProblems(files) },
  { name: 'changesets', run: async () => checkChangesetConfig() },
  { name: 'snippets', run: runSnippets },
]

/** Only areas where something changed since they passed: types of all files are asked for, which takes long. */
async function lintAreas({ areas, passed }: CheckContext): Promise<readonly string[]> {
  const changed = areas.filter(({ name, digest }) => !passed.has(`lint ${name}`, digest))
  if (changed.length === 0) return []
  // All is what nobody names, so that no path can be forgotten.
  const paths = changed.length === areas.length ? [] : changed.flatMap((area) => area.paths)
  const options = ['--type-aware', '--report-unused-disable-directives', '--format', 'unix']
  const problems = await command('oxlint', [...options, ...paths])
  if (problems.length === 0) for (const { name, digest } of changed) passed.add(`lint ${name}`, digest)
  return problems
}

async function command(name: string, args: readonly string[]): Promise<readonly string[]> {
  const { code, output } = await capture(name, args)
  if (code === 0) return []
  const lines = output.replaceAll(`${root}/`, '').trim().split('\n')
  return lines.length > 0 && lines[0] !== '' ? lines : [`${name} ended with exit code ${code}.`]
}

async function checkLinks({ files }: CheckContext): Promise<readonly string[]> {
  const documents = [...files].filter(([file]) => file.endsWith('.md'))
  return brokenLinks({ documents: new Map(documents), exists: (path) => existsSync(join(root, path)) })
}

/** Those of a package are executed again when something changed, they or what they can import, since they passed. */
async function runSnippets({ areas, passed }: CheckContext): Promise<readonly string[]> {
  const digests = new Map(areas.map(({ name, digest }) => [name, digest]))
  const digestOf = (group: string, snippets: readonly Snippet[]): string =>
    hash('sha256', JSON.stringify([digests.get(group) ?? digests.get('rest'), snippets.map(({ code }) => code)]))
  const problems = await checkSnippets(findSnippets(), {
    name: 'check',
    known: (group, snippets) => passed.has(`snippets ${group}`, digestOf(group, snippets)),
    onPassed: (group, snippets) => passed.add(`snippets ${group}`, digestOf(group, snippets)),
  })
  return problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`)
}
