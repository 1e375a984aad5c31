/**
 * onnxruntime's native library keeps a telemetry database in the home folder and reports to its maker unless this is
 * set before the library is loaded; import this module first. What it does is nobody's business but the operator's.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1'
