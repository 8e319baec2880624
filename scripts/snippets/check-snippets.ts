import { executeSnippets, type ExecutionOptions } from './execute-snippets.ts'
import type { Snippet } from './extract-snippets.ts'
import type { SnippetProblem } from './snippet-problem.ts'
import { typeCheckSnippets } from './type-check.ts'
import { openWorkbench } from './workbench.ts'

/** How snippets are checked. */
export interface CheckOptions extends ExecutionOptions {
  /** Remembers under this name what was checked. @default nothing is remembered */
  readonly name?: string | undefined
}

/** Type-checks and executes snippets, each as far as its mode says. */
export async function checkSnippets(
  snippets: readonly Snippet[],
  { name, ...options }: CheckOptions = {},
): Promise<readonly SnippetProblem[]> {
  const problems = snippets.filter(({ mode, reason }) => mode === 'no-check' && reason === '').map(reasonMissing)
  const checked = snippets.filter(({ mode }) => mode !== 'no-check')
  if (checked.length === 0) return problems
  const bench = openWorkbench(checked, name)
  try {
    const [wrongTypes, failures] = await Promise.all([typeCheckSnippets(bench), executeSnippets(bench, options)])
    return [...problems, ...wrongTypes, ...failures]
  } finally {
    bench.remove()
  }
}

function reasonMissing({ file, line }: Snippet): SnippetProblem {
  return { file, line: line - 1, column: 1, message: '"no-check" must say why: ```ts no-check <reason>' }
}
