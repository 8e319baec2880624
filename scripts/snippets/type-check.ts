import { resolve } from 'node:path'
import { capture } from '../lib/run.ts'
import { problemAt, type SnippetProblem } from './snippet-problem.ts'
import type { Workbench } from './workbench.ts'
import { root } from '../lib/packages.ts'

const diagnostic = /^(.+?)\((\d+),(\d+)\): error (TS\d+: .*)$/

/** Type-checks all snippets in one pass; under a name of their own, again only what changed. */
export async function typeCheckSnippets({ tsconfig, written, name }: Workbench): Promise<readonly SnippetProblem[]> {
  const remembered =
    name === undefined ? [] : ['--incremental', '--tsBuildInfoFile', `node_modules/.cache/check/${name}.tsbuildinfo`]
  const { code, output } = await capture('tsc', ['-p', tsconfig, '--pretty', 'false', ...remembered])
  const byModule = new Map(written.map(({ module, snippet }) => [module, snippet]))
  const problems = output.split('\n').flatMap((line) => {
    const [, file = '', own = '', column = '', message = ''] = diagnostic.exec(line) ?? []
    const snippet = byModule.get(resolve(root, file))
    if (snippet !== undefined) return [problemAt(snippet, Number(own), Number(column), message)]
    return line.includes('error TS')
      ? [{ file: file || 'tsc', line: Number(own), column: Number(column), message: message || line }]
      : []
  })
  if (code !== 0 && problems.length === 0)
    return [{ file: 'tsc', line: 0, column: 0, message: `failed with exit code ${code}: ${output}` }]
  return problems
}
