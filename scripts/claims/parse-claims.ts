/** One numbered line of docs/claims/<topic>.md. */
export interface Claim {
  readonly number: number
  readonly sentence: string
  readonly command: string
  /** What the command's output must contain, when its exit code alone does not show the claim. */
  readonly expected: string | undefined
  /** Milliseconds after which the command counts as failed. */
  readonly timeLimit: number
}

const defaultTimeLimit = 120_000
const numbered = /^(\d+)\.\s+(.*)$/
const claimLine = /^(.+?)\s+`([^`]+)`(?:\s+→\s+`([^`]+)`)?(?:\s+\((\d+)\s*(s|min)\))?$/

/** Reads the numbered lines of a claims file, as docs/claims/README.md defines them. Throws on a line it cannot read. */
export function parseClaims(markdown: string): Claim[] {
  const claims = joinContinuations(markdown).flatMap((line) => {
    const match = numbered.exec(line)
    return match === null ? [] : [parseClaim(Number(match[1]), match[2]!)]
  })
  const misnumbered = claims.find(({ number }, index) => number !== index + 1)
  if (misnumbered !== undefined) throw new Error(`Claim ${misnumbered.number} is out of order: number them 1, 2, 3, …`)
  return claims
}

/** A claim may be wrapped: its further lines are indented. */
function joinContinuations(markdown: string): string[] {
  return markdown.replace(/\n[ \t]+(?=\S)/g, ' ').split('\n')
}

function parseClaim(number: number, text: string): Claim {
  const match = claimLine.exec(text.trim())
  if (match === null) throw new Error(`Claim ${number} is not of the form "sentence \`command\`": ${text}`)
  const [, sentence, command, expected, amount, unit] = match
  const timeLimit = amount === undefined ? defaultTimeLimit : Number(amount) * (unit === 'min' ? 60_000 : 1000)
  return { number, sentence: sentence!, command: command!, expected, timeLimit }
}
