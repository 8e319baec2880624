/** One thing that must not stand in a tracked file. */
interface HygieneRule {
  readonly pattern: RegExp
  readonly problem: string
  /** The files it applies to. @default every tracked text file */
  readonly files?: RegExp
}

// The patterns are put together from parts, so that this file does not match itself.
const registry = ['registry', 'npmjs', 'org'].join(String.raw`\.`)
const mirrors = ['npmmirror', 'yarnpkg', 'verdaccio'].map((name) => String.raw`${name}\.(?:com|org)`).join('|')

const rules: readonly HygieneRule[] = [
  {
    pattern: new RegExp(String.raw`(?<![\w.~-])\/(?:root|home\/(?!user\b)[a-z]\w*|Users\/[a-z]\w*|work)\/[\w.-]+`, 'i'),
    problem: 'a path of one machine',
  },
  { pattern: /(?<![\w])[A-Z]:\\Users\\/, problem: 'a path of one machine' },
  { pattern: new RegExp(`${registry}|${mirrors}`), problem: 'the host of a package registry' },
  {
    pattern: new RegExp(String.raw`\b(?:${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|XXX)\b`),
    problem: 'unfinished work',
    files: /^packages\/[^/]+\/src\//,
  },
  {
    pattern: new RegExp(String.raw`\b(?:describe|it|test|suite|bench)(?:\.\w+)*\.${'only'}\b`),
    problem: 'a test that silences the others',
    files: /\.test\.ts$/,
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:describe|it|test|suite)\.${'skip'}\((?!.*\/\/)|\b(?:context|ctx|task)\.${'skip'}\(\)`,
    ),
    problem: 'a skipped test without its reason on the same line',
    files: /\.test\.ts$/,
  },
]

/** What must not stand in the repository, as `file:line problem: text`. */
export function hygieneProblems(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([file, text]) => {
    const applying = rules.filter((rule) => rule.files?.test(file) !== false)
    return text.split('\n').flatMap((line, index) =>
      applying.flatMap(({ pattern, problem }) => {
        const match = pattern.exec(line)
        return match === null ? [] : [`${file}:${index + 1} ${problem}: ${match[0]}`]
      }),
    )
  })
}
