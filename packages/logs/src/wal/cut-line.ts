/** What is kept of a line that is too long: enough to see what it was. */
const kept = 32_768

/** A line that stands for one that is too long: its beginning, and how long it was. */
export function cutLine(line: string | Uint8Array): string {
  const text = typeof line === 'string' ? line.slice(0, kept) : Buffer.from(line.subarray(0, kept)).toString()
  const level = /^\{"level":(?:\d{1,3}|"\w{1,12}")/.exec(text)?.[0].slice(1) ?? '"level":"warn"'
  const time = /"time":(\d{1,16})/.exec(text.slice(0, 200))?.[0]
  const msg = `"msg":"A line of ${line.length} was cut."`
  const facts = [level, time, msg, `"cut":${JSON.stringify(text)}`]
  return `{${facts.filter((fact) => fact !== undefined).join(',')}}`
}
