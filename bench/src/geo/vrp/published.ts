/**
 * Gaps to the best known values of the set X as they were measured once with VROOM 1.15 on one thread of a machine like this, process
 * start included. PyVRP publishes a mean of 0.31 % over all 100 instances of the set, with longer times: there is none per instance.
 */
export const vroomOnX: Readonly<Record<string, string>> = {
  'X-n101-k25.vrp': 'VROOM -x1 2.84 % in 0.25 s, -x5 2.47 % in 3.3 s',
  'X-n153-k22.vrp': 'VROOM -x1 2.21 % in 1.2 s, -x5 1.46 % in 15 s',
  'X-n200-k36.vrp': 'VROOM -x1 2.52 % in 0.6 s, -x5 2.43 % in 8.7 s',
  'X-n303-k21.vrp': 'VROOM -x1 3.40 % in 1.8 s, -x5 2.12 % in 29 s',
  'X-n376-k94.vrp': 'VROOM -x1 0.57 % in 2.7 s, -x5 0.48 % in 46 s',
  'X-n401-k29.vrp': 'VROOM -x1 1.72 % in 11.8 s, -x5 1.33 % in 111 s',
}
