/**
 * Normal deviates as the inverse of the normal distribution function, so that one uniform draw gives one deviate.
 * Wichura, "Algorithm AS 241: the percentage points of the normal distribution" (Applied Statistics 37, 1988), PPND16:
 * about 1e-16 relative. Its logarithm is computed here too, with + − × ÷ only: Math.log may differ between engines.
 */

const CENTRE_A = [3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727];
const CENTRE_B = [1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610];
const NEAR_A = [1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 0.000774545014278341407640];
const NEAR_B = [1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590, 0.0151986665636164571966, 0.000547593808499534494600, 1.05075007164441684324e-9];
const FAR_A = [6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230, 0.0265321895265761230930, 0.00124266094738807843860, 0.0000271155556874348757815, 2.01033439929228813265e-7];
const FAR_B = [1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525, 0.000786869131145613259100, 0.0000184631831751005468180, 1.42151175831644588870e-7, 2.04426310338993978564e-15];

/** The deviate z with P(Z ≤ z) = p for a standard normal Z; p in (0, 1). */
export function probit(p: number): number {
  const q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_A, r)) / polynomial(CENTRE_B, r);
  }
  const r = Math.sqrt(-logarithm(q < 0 ? p : 1 - p));
  const z = r <= 5 ? polynomial(NEAR_A, r - 1.6) / polynomial(NEAR_B, r - 1.6) : polynomial(FAR_A, r - 5) / polynomial(FAR_B, r - 5);
  return q < 0 ? -z : z;
}

/** P(Z ≤ −2). */
const BELOW_MINUS_TWO = 0.022750131948179207200;

/** A standard normal cut at ±2, from u uniform in (0, 1). */
export const truncatedNormal = (u: number): number => probit(BELOW_MINUS_TWO + u * (1 - 2 * BELOW_MINUS_TWO));

/** Natural logarithm of a positive normal number: x = m·2^e with m near 1, ln m by the series of artanh. */
export function logarithm(x: number): number {
  let m = x;
  let e = 0;
  for (; m > Math.SQRT2; m /= 2) e++;
  for (; m < Math.SQRT1_2; m *= 2) e--;
  const s = (m - 1) / (m + 1);
  const s2 = s * s;
  // |s| ≤ 0.1716, so the 12th term is below 1e-18.
  let sum = 0;
  for (let k = 23; k >= 1; k -= 2) sum = sum * s2 + 1 / k;
  return 2 * s * sum + e * Math.LN2;
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i];
  return value;
}
