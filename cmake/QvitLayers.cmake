# The layers from the bottom up. The architecture test checks every include in the headers against this order.
set(QVIT_LAYERS core meta shape circuit simd statevector tensor autodiff nn attention vit kd models data io train)

# Layers whose users need qvit::data; everything below does with qvit::qvit.
set(QVIT_DATA_LAYERS data io train)

# What a predictor on a small machine needs: must compile without exceptions and RTTI.
set(QVIT_FREE_LAYERS core meta shape circuit simd statevector tensor autodiff nn attention vit kd models)
