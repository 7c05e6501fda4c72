//! Encodes texts as unit vectors, with a sentence encoder in ONNX.
//!
//! rten runs the network. Each core encodes one text at a time: a batch needs as much time for each text and padding besides,
//! and one text on several cores is slower.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rten::{Model, ModelOptions, NodeId, OpRegistry, RunOptions, ThreadPool, Value, ValueOrView, op_registry};
use rten_tensor::Layout;

use super::settings::{ModelSettings, Pooling};
use super::tokenizer::Tokenizer;
use super::{ModelFingerprint, SemanticError};

/// The name of the network output that is one vector for the whole text. Some networks have only one vector for each
/// token.
const POOLED_OUTPUT: &str = "sentence_embedding";

/// The meaning of a network input.
#[derive(Debug, Clone, Copy)]
enum NetworkInput {
    Tokens,
    Mask,
    Segments,
}

/// A sentence encoder loaded from a directory.
///
/// ```no_run
/// # fn main() -> Result<(), casebook::semantic::SemanticError> {
/// let encoder = casebook::semantic::Encoder::open("models/minilm".as_ref())?;
/// let vectors = encoder.encode(&["mail stays in the queue", "messages are not delivered"])?;
/// # Ok(())
/// # }
/// ```
pub struct Encoder {
    model: Model,
    inputs: Vec<(NodeId, NetworkInput)>,
    output: NodeId,
    tokenizer: Tokenizer,
    pooling: Pooling,
    max_tokens: usize,
    fingerprint: ModelFingerprint,
    /// A thread pool for each core. Each has one thread.
    pools: Vec<Arc<ThreadPool>>,
}

impl Encoder {
    /// Loads the model in `dir`: `model.onnx` (float or int8 weights) with `vocab.txt` or `tokenizer.json`. If they
    /// exist, `1_Pooling/config.json`, `sentence_bert_config.json` and `tokenizer_config.json` say how the vectors of
    /// tokens are combined, how many tokens a text may have, and whether case counts. Takes about 100 ms for 22 million
    /// weights.
    pub fn open(dir: &Path) -> Result<Encoder, SemanticError> {
        let ModelSettings { network, tokenizer, pooling, max_tokens, mut hasher } = ModelSettings::read(dir)?;
        let bytes = std::fs::read(&network).map_err(|source| SemanticError::Io { path: network.clone(), source })?;
        let fingerprint = ModelFingerprint::from_hash(&hasher.update(&bytes).finalize());
        let model = ModelOptions::with_ops(operators()).prepack_weights(true).load(bytes);
        let model = model.map_err(|error| no_model(&network, error.to_string()))?;
        let inputs = inputs(&model, &network)?;
        let output = output(&model, &network)?;
        let n_cores = thread::available_parallelism().map_or(1, NonZero::get);
        let pools = (0..n_cores).map(|_| Arc::new(ThreadPool::with_num_threads(1))).collect();
        Ok(Encoder { model, inputs, output, tokenizer, pooling, max_tokens, fingerprint, pools })
    }

    /// Identifies the model: a hash of the network and of everything else that a vector depends on.
    pub fn fingerprint(&self) -> ModelFingerprint {
        self.fingerprint
    }

    /// Returns the unit vectors of `texts`, in their order. A text that is too long for the model is cut. Uses all
    /// cores, or one if there is a single text.
    pub fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, SemanticError> {
        if let [text] = texts {
            return Ok(vec![self.encode_one(text, &self.pools[0])?]);
        }
        let next = AtomicUsize::new(0);
        let work = |pool: &Arc<ThreadPool>| -> Result<Vec<(usize, Vec<f32>)>, SemanticError> {
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(text) = texts.get(index) else { return Ok(done) };
                done.push((index, self.encode_one(text, pool)?));
            }
        };
        let mut encoded = thread::scope(|scope| {
            let workers: Vec<_> = self.pools.iter().map(|pool| scope.spawn(|| work(pool))).collect();
            let parts = workers.into_iter().map(|worker| worker.join().expect("a worker returns its errors"));
            parts.collect::<Result<Vec<_>, _>>()
        })?
        .concat();
        encoded.sort_unstable_by_key(|&(index, _)| index);
        Ok(encoded.into_iter().map(|(_, vector)| vector).collect())
    }

    fn encode_one(&self, text: &str, pool: &Arc<ThreadPool>) -> Result<Vec<f32>, SemanticError> {
        let tokens = self.tokenizer.encode(text, self.max_tokens);
        let shape = [1, tokens.len()];
        let (ones, zeros) = (vec![1i32; tokens.len()], vec![0i32; tokens.len()]);
        let inputs = self.inputs.iter().map(|&(id, input)| {
            let values = match input {
                NetworkInput::Tokens => &tokens,
                NetworkInput::Mask => &ones,
                NetworkInput::Segments => &zeros,
            };
            let value = Value::from_shape(shape.as_slice(), values.clone()).expect("as many values as the shape has");
            (id, ValueOrView::Value(value))
        });
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(pool)));
        let run = self.model.run_n(inputs.collect(), [self.output], Some(options));
        let [output] = run.map_err(|error| SemanticError::Encode { reason: error.to_string() })?;
        self.pooled(output)
    }

    fn pooled(&self, output: Value) -> Result<Vec<f32>, SemanticError> {
        let failed = |reason: &str| SemanticError::Encode { reason: reason.to_owned() };
        let vector = match output.ndim() {
            2 => {
                let ([_, _], values) =
                    output.into_shape_vec().map_err(|_| failed("its output is not made of floats"))?;
                values
            }
            3 => {
                let ([_, _, width], values) =
                    output.into_shape_vec().map_err(|_| failed("its output is not made of floats"))?;
                pool(&values, width, self.pooling)
            }
            _ => return Err(failed("its output is neither one vector for each text nor one for each token")),
        };
        unit(vector).ok_or_else(|| failed("its output has no direction"))
    }
}

/// Combines the vectors of tokens to a vector of the text: the first one, or for the mean their sum, which has the same
/// direction. The result does not have unit length.
fn pool(tokens: &[f32], width: usize, pooling: Pooling) -> Vec<f32> {
    let mut rows = tokens.chunks_exact(width.max(1));
    let Some(first) = rows.next() else { return Vec::new() };
    let mut vector = first.to_vec();
    if pooling == Pooling::Mean {
        for row in rows {
            vector.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
    }
    vector
}

/// Scales `vector` to length 1. `None` when its length is 0 or not finite.
fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    let has_direction = length.is_finite() && length > 0.0;
    vector.iter_mut().for_each(|value| *value /= length);
    has_direction.then_some(vector)
}

/// The operators of text encoders: those of transformers and of the quantized or fused forms that exporters write. rten's
/// operators for images, sound and recurrent networks are left out, and so not linked.
fn operators() -> OpRegistry {
    op_registry!(
        Abs,
        Add,
        And,
        ArgMax,
        Cast,
        CastLike,
        Clip,
        Concat,
        ConstantOfShape,
        Cos,
        CumSum,
        DequantizeLinear,
        Div,
        DynamicQuantizeLinear,
        Einsum,
        Equal,
        Erf,
        Exp,
        Expand,
        Flatten,
        Floor,
        Gather,
        GatherElements,
        GatherND,
        Gelu,
        Gemm,
        Greater,
        GreaterOrEqual,
        Identity,
        If,
        IsInf,
        IsNaN,
        LayerNormalization,
        Less,
        LessOrEqual,
        Log,
        LpNormalization,
        MatMul,
        MatMulInteger,
        Max,
        Mean,
        Min,
        Mod,
        Mul,
        Neg,
        NonZero,
        Not,
        OneHot,
        Or,
        Pad,
        Pow,
        QuantizeLinear,
        Range,
        Reciprocal,
        ReduceL2,
        ReduceMax,
        ReduceMean,
        ReduceMin,
        ReduceProd,
        ReduceSum,
        ReduceSumSquare,
        Relu,
        Reshape,
        RotaryEmbedding,
        Round,
        ScatterElements,
        ScatterND,
        Shape,
        Sigmoid,
        Sign,
        Sin,
        Size,
        Slice,
        Softmax,
        Split,
        Sqrt,
        Squeeze,
        Sub,
        Sum,
        Tanh,
        Tile,
        TopK,
        Transpose,
        Trilu,
        Unsqueeze,
        Where,
        Xor
    )
}

fn inputs(model: &Model, path: &Path) -> Result<Vec<(NodeId, NetworkInput)>, SemanticError> {
    let known = |&id: &NodeId| {
        let info = model.node_info(id);
        match info.as_ref().and_then(|info| info.name()).unwrap_or_default() {
            "input_ids" => Ok((id, NetworkInput::Tokens)),
            "attention_mask" => Ok((id, NetworkInput::Mask)),
            "token_type_ids" => Ok((id, NetworkInput::Segments)),
            other => Err(no_model(path, format!("it has an input `{other}`, which sentence encoders do not have"))),
        }
    };
    let inputs = model.input_ids().iter().map(known).collect::<Result<Vec<_>, _>>()?;
    match inputs.iter().any(|(_, input)| matches!(input, NetworkInput::Tokens)) {
        true => Ok(inputs),
        false => Err(no_model(path, "it has no input `input_ids`")),
    }
}

/// Returns the network output that is one vector for the whole text if there is one, otherwise the first output.
fn output(model: &Model, path: &Path) -> Result<NodeId, SemanticError> {
    let is_pooled = |&&id: &&NodeId| model.node_info(id).is_some_and(|info| info.name() == Some(POOLED_OUTPUT));
    let outputs = model.output_ids();
    let output = outputs.iter().find(is_pooled).or(outputs.first());
    output.copied().ok_or_else(|| no_model(path, "it has no output"))
}

fn no_model(path: &Path, reason: impl Into<String>) -> SemanticError {
    SemanticError::Model { path: PathBuf::from(path), reason: reason.into() }
}
