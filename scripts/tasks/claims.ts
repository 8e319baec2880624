import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/packages.ts'
import { onlyWord } from '../lib/only-word.ts'
import { runTask, TaskFailure } from '../lib/task.ts'
import { wholeNumber } from '../lib/whole-number.ts'
import { parseClaims, type Claim } from '../claims/parse-claims.ts'
import { describeResult, runClaim } from '../claims/run-claim.ts'

const help = `
npm run claims -- <topic> [options]

Runs the command behind every claim of docs/claims/<topic>.md. The format is in docs/claims/README.md.

  --only <n>       only claim n, with its whole output
  --list           the topics
  --folder <path>  another folder than docs/claims
  --help           this text
`

await runTask({
  name: 'claims',
  help,
  options: { only: { type: 'string' }, list: { type: 'boolean' }, folder: { type: 'string' } },
  positionals: true,
  async run({ values: { only, list, folder = 'docs/claims' }, positionals }) {
    const topic = onlyWord(positionals)
    const claimsFolder = join(root, folder)
    if (list === true) return printTopics(claimsFolder)
    if (topic === undefined)
      throw new TaskFailure(`Name a topic: ${topics(claimsFolder).join(', ') || 'there is none yet'}.`)
    const claims = readTopic(claimsFolder, topic)
    await runClaims(only === undefined ? claims : [claimOf(claims, topic, only)], only !== undefined)
  },
})

async function runClaims(claims: readonly Claim[], verbose: boolean): Promise<void> {
  let failed = 0
  for (const claim of claims) {
    const result = await runClaim(claim)
    if (!result.passed) failed++
    if (verbose) process.stdout.write(result.output)
    console.log(describeResult(result))
  }
  console.log(`${claims.length - failed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}

function printTopics(folder: string): void {
  for (const topic of topics(folder)) console.log(`${topic}: ${readTopic(folder, topic).length} claims`)
}

function topics(folder: string): string[] {
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => name.slice(0, -3))
    .sort()
}

function readTopic(folder: string, topic: string): Claim[] {
  const known = topics(folder)
  if (!known.includes(topic))
    throw new TaskFailure(`There is no topic "${topic}". Topics: ${known.join(', ') || 'none yet'}.`)
  try {
    return parseClaims(readFileSync(join(folder, `${topic}.md`), 'utf8'))
  } catch (error) {
    throw new TaskFailure(`${topic}.md: ${(error as Error).message}`)
  }
}

function claimOf(claims: readonly Claim[], topic: string, only: string): Claim {
  const claim = claims.find(({ number }) => number === wholeNumber('only', only, 1))
  if (claim === undefined) throw new TaskFailure(`${topic} has no claim ${only}; its claims are 1 to ${claims.length}.`)
  return claim
}
