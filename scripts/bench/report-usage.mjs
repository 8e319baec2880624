// Loaded into measured Node processes: writes what they used to file descriptor 3 as they exit.
import { readFileSync, writeSync } from 'node:fs'

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  writeSync(3, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1000, rss: peakOfThisProgram() ?? maxRSS }))
})

/**
 * Kilobytes. On Linux a child's `maxRSS` begins with that of the process it was forked from, so a small program started by a
 * large one would look large; the kernel's own mark begins with the program.
 */
function peakOfThisProgram() {
  if (process.platform !== 'linux') return undefined
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  return peak === null ? undefined : Number(peak[1])
}
