import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTurns } from '../lib/in-turns.ts'
import { root } from '../lib/packages.ts'
import { capture, type CapturedResult } from '../lib/run.ts'
import type { Snippet } from './extract-snippets.ts'
import { problemAt, type SnippetProblem } from './snippet-problem.ts'
import type { Workbench, WrittenSnippet } from './workbench.ts'

/** How snippets are executed. */
export interface ExecutionOptions {
  /** Milliseconds that one snippet may take. @default 30000 */
  readonly limit?: number | undefined
  /** Whether the snippets of a group passed as they are: they are not executed then. @default all are executed */
  readonly known?: ((group: string, snippets: readonly Snippet[]) => boolean) | undefined
  /** Told of each group that passed. */
  readonly onPassed?: ((group: string, snippets: readonly Snippet[]) => void) | undefined
}

interface Note {
  readonly module: string
  readonly state: 'started' | 'passed' | 'failed'
  readonly error?: string
}

/** Executes the snippets that may run: one process per group, one snippet after another. */
export async function executeSnippets(
  { written, tsconfig }: Workbench,
  { limit = 30_000, known, onPassed }: ExecutionOptions = {},
): Promise<readonly SnippetProblem[]> {
  const runnable = written.filter(({ snippet }) => snippet.mode === 'run')
  const groups = [...new Set(runnable.map(({ group }) => group))]
  const home = join(tsconfig, '..')
  const problems = await inTurns(groups, 2, async (name) => {
    const members = runnable.filter(({ group }) => group === name)
    const snippets = members.map(({ snippet }) => snippet)
    if (known?.(name, snippets) === true) return []
    const failures = await executeGroup(members, home, limit)
    if (failures.length === 0) onPassed?.(name, snippets)
    return failures
  })
  return problems.flat()
}

/** A snippet that ends or blocks the whole process is noted as the last one started; the rest runs in another process. */
async function executeGroup(
  members: readonly WrittenSnippet[],
  home: string,
  limit: number,
): Promise<readonly SnippetProblem[]> {
  const problems: SnippetProblem[] = []
  for (let rest = members, round = 0; rest.length > 0; round++) {
    const [list, notesFile] = ['list', 'notes'].map((name) => join(home, `${rest[0]!.group}-${round}.${name}`)) as [
      string,
      string,
    ]
    writeFileSync(list, JSON.stringify(rest.map(({ module }) => module)))
    const script = join(root, 'scripts/snippets/run-in-process.ts')
    const result = await capture('node', ['--conditions=@exprsn/source', script, list, notesFile, String(limit)], {
      timeout: limit * (rest.length + 1),
    })
    const notes = readNotes(notesFile)
    for (const { module, state, error } of notes)
      if (state === 'failed')
        problems.push(
          failureOf(
            rest.find((item) => item.module === module)!,
            error!,
          ),
        )
    const last = notes.at(-1)
    if (last === undefined) throw new Error(`The process for snippets did not start: ${result.output}`)
    const position = rest.findIndex(({ module }) => module === last.module)
    if (last.state === 'started') problems.push(failureOf(rest[position]!, howItEnded(result)))
    rest = rest.slice(position + 1)
  }
  return problems
}

function howItEnded({ signal, code, output }: CapturedResult): string {
  const how =
    signal === null ? `It ended the process with exit code ${code}.` : 'It blocked the process and was killed.'
  return `${how} ${output.trim().split('\n').slice(-5).join('\n')}`.trim()
}

function readNotes(file: string): readonly Note[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Note)
}

/** The line is the snippet's own innermost one in the stack. */
function failureOf({ snippet, module }: WrittenSnippet, error: string): SnippetProblem {
  const frame = error.split('\n').find((line) => line.includes(module))
  const [, line = '1', column = '1'] = /\.ts:(\d+):(\d+)/.exec(frame?.slice(frame.indexOf(module)) ?? '') ?? []
  const stackless = error.split('\n').filter((text) => !/^\s+at /.test(text))
  return problemAt(snippet, Number(line), Number(column), stackless.slice(0, 6).join('\n    '))
}
