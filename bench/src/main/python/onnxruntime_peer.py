"""ONNX Runtime as a peer of the benchmark: a child process that times itself; see peer_protocol.

    python3 -m onnxruntime_peer --threads 2 [--warmup 1.0]

Each model is one LSTM node whose only output is the last h, with weights of random numbers from a seed. Runs go
through an IO binding, so that no array is copied.
"""

import inference_shapes
import peer_protocol

numpy = peer_protocol.require("numpy")
onnx = peer_protocol.require("onnx")
onnxruntime = peer_protocol.require("onnxruntime")

OPSET = 17  # of 2022: any ONNX Runtime in use knows it
IR = 8


def model(inputs, units, steps, rows, random):
    """An LSTM node as the bytes of a model."""

    def weights(name, *shape):
        values = random.uniform(-units ** -0.5, units ** -0.5, shape).astype(numpy.float32)
        return onnx.numpy_helper.from_array(values, name)

    def value(name, *shape):
        return onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)

    node = onnx.helper.make_node("LSTM", ["x", "W", "R", "B"], ["", "h"], hidden_size=units)
    graph = onnx.helper.make_graph(
        [node], "lstm", [value("x", steps, rows, inputs)], [value("h", 1, rows, units)],
        [weights("W", 1, 4 * units, inputs), weights("R", 1, 4 * units, units), weights("B", 1, 8 * units)])
    opset = onnx.helper.make_opsetid("", OPSET)
    return onnx.helper.make_model(graph, opset_imports=[opset], ir_version=IR).SerializeToString()


def starter(threads):
    def start(inputs, units, steps, rows):
        random = numpy.random.default_rng(7)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(
            model(inputs, units, steps, rows, random), options, providers=["CPUExecutionProvider"])
        binding = session.io_binding()
        binding.bind_cpu_input("x", random.uniform(-0.5, 0.5, (steps, rows, inputs)).astype(numpy.float32))
        binding.bind_output("h")
        return lambda: session.run_with_iobinding(binding)

    return start


def main():
    options = peer_protocol.arguments("ONNX Runtime as a peer of the benchmark").parse_args()
    version = f"{onnxruntime.__version__}, {options.threads} threads"
    peer_protocol.serve("onnxruntime", version, inference_shapes.jobs(starter(options.threads)), options.warmup)


if __name__ == "__main__":
    main()
