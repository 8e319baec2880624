import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkErrors } from '../errors/check-errors.ts'
import { readErrorEvidence } from '../errors/error-evidence.ts'
import { root } from '../lib/packages.ts'
import { capture } from '../lib/run.ts'
import { checkOpenApi, readOpenApi } from '../openapi/openapi-documents.ts'
import { checkSnippets } from '../snippets/check-snippets.ts'
import { findSnippets } from '../snippets/find-snippets.ts'
import { checkChangesetConfig } from './changeset-config.ts'
import { hygieneProblems } from './hygiene.ts'
import { brokenLinks } from './markdown-links.ts'
import { trackedTextFiles } from './tracked-files.ts'

/** One part of `npm run check`. */
export interface CheckStep {
  readonly name: string
  /** Resolves to the problems found, a line each: none means that the step passed. */
  readonly run: () => Promise<readonly string[]>
}

/** What did not change since the last time is not checked again. */
const remembered = ['--incremental', '--tsBuildInfoFile', 'node_modules/.cache/check/types.tsbuildinfo']

/** Everything that `npm run check` does, the quick and likely failures first. */
export const checkSteps: readonly CheckStep[] = [
  { name: 'format', run: () => command('oxfmt', ['--check']) },
  {
    name: 'lint',
    run: () => command('oxlint', ['--type-aware', '--report-unused-disable-directives', '--format', 'unix']),
  },
  { name: 'types', run: () => command('tsc', ['-p', 'tsconfig.json', '--pretty', 'false', ...remembered]) },
  { name: 'unused', run: () => command('knip', ['--no-progress', '--no-config-hints']) },
  { name: 'errors', run: async () => checkErrors(await readErrorEvidence()) },
  { name: 'openapi', run: async () => checkOpenApi(await readOpenApi()) },
  { name: 'links', run: checkLinks },
  { name: 'hygiene', run: async () => hygieneProblems(await trackedTextFiles()) },
  { name: 'changesets', run: async () => checkChangesetConfig() },
  { name: 'snippets', run: runSnippets },
]

async function command(name: string, args: readonly string[]): Promise<readonly string[]> {
  const { code, output } = await capture(name, args)
  if (code === 0) return []
  const lines = output.replaceAll(`${root}/`, '').trim().split('\n')
  return lines.length > 0 && lines[0] !== '' ? lines : [`${name} ended with exit code ${code}.`]
}

async function checkLinks(): Promise<readonly string[]> {
  const documents = [...(await trackedTextFiles())].filter(([file]) => file.endsWith('.md'))
  return brokenLinks({ documents: new Map(documents), exists: (path) => existsSync(join(root, path)) })
}

async function runSnippets(): Promise<readonly string[]> {
  const problems = await checkSnippets(findSnippets(), { name: 'check' })
  return problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`)
}
