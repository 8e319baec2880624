/** Seconds of CPU time that a call takes. */
export function cpuSeconds(call: () => void): number {
  const before = process.cpuUsage()
  call()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
